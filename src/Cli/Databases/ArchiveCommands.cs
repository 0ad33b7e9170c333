using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Cli.Connection;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;

namespace Slipway.Cli.Databases;

/// <summary><c>slipway db archive</c> and <c>slipway db recover</c>: the way back to a moment.</summary>
internal static class ArchiveCommands
{
    private const string Archive = "/api/databases/archive";
    private const string Recoveries = "/api/databases/recoveries";

    private static readonly Argument<string> s_name = new("database") { Description = "Name of the Database." };
    private static readonly Argument<string?> s_file = new("file") { Description = "Where to write; NAME-DATE.sql.gz in this folder unless said otherwise.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string> s_to = new("--to") { Description = "The moment, such as 2026-03-20T11:59:00Z, or how long ago, such as 15m or 2h.", Required = true };

    public static Command ArchiveCommand(TerminalWriter console)
    {
        var archive = new Command("archive", "How far back the databases can be taken.") { ServerOptions.Home };
        archive.SetAction((parsed, cancellation) => ShowAsync(parsed, console, cancellation));
        return archive;
    }

    public static Command RecoverCommand(TerminalWriter console)
    {
        var recover = new Command("recover", "Write a database as it was at a moment into a file. The database itself is left alone.\n\nExamples:\n  slipway db recover payments --to 15m\n  slipway db recover payments before.sql.gz --to 2026-03-20T11:59:00Z\n  slipway db restore payments before.sql.gz --as payments-before") { s_name, s_file, s_to, SharedOptions.Namespace, ServerOptions.Home };
        recover.SetAction((parsed, cancellation) => RecoverAsync(parsed, console, cancellation));
        return recover;
    }

    /// <summary>An instant as it was written, or so long before now.</summary>
    internal static DateTimeOffset MomentOf(string text, DateTimeOffset now)
    {
        if (text.Length > 1 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && UnitOf(text[^1]) is { } unit)
        {
            return now - (unit * count);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment
            : throw new CliFailure($"--to must be an instant such as 2026-03-20T11:59:00Z, or how long ago, such as 30s, 15m, 2h or 3d, not \"{text}\".", ExitCodes.Usage);

        static TimeSpan? UnitOf(char letter) => letter switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => null,
        };
    }

    private static async Task<int> ShowAsync(ParseResult parsed, TerminalWriter console, CancellationToken cancellation)
    {
        using var api = ApiClient.Connect(ServerOptions.Folder(parsed));
        var archive = await api.GetAsync(Archive, cancellation);
        if ((string?)archive["whyOff"] is { } off)
        {
            console.Line(off);
            return ExitCodes.Success;
        }

        console.Line((string?)archive["from"] is { } from
            ? $"Every moment since {from} can be gone back to: slipway db recover NAME --to TIME"
            : "The first copy is made a few minutes after the start; there is nothing to go back to yet.");
        console.Line(string.Create(CultureInfo.InvariantCulture, $"{((JsonArray)archive["copies"]!).Count} copies and the log between them, {(long)archive["bytes"]! / 1048576.0:0.0} MiB; log put away last at {(string?)archive["archivedAt"] ?? "no time yet"}"));
        if ((long)archive["failures"]! is > 0 and var failures)
        {
            console.Line(string.Create(CultureInfo.InvariantCulture, $"The log could not be put away {failures} times since the server's statistics began; PostgreSQL's own log says why."));
        }

        return ExitCodes.Success;
    }

    private static async Task<int> RecoverAsync(ParseResult parsed, TerminalWriter console, CancellationToken cancellation)
    {
        var (name, now) = (parsed.GetValue(s_name)!, TimeProvider.System.GetUtcNow());
        var moment = MomentOf(parsed.GetValue(s_to)!, now);
        var path = parsed.GetValue(s_file) ?? $"{name}-{moment.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}.sql.gz";
        using var api = ApiClient.Connect(ServerOptions.Folder(parsed));
        var recovery = await api.PostAsync(Recoveries, new JsonObject { ["to"] = moment.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) }, cancellation);
        try
        {
            await using var connection = await DatabaseSecret.OpenAsync(api, parsed.GetValue(SharedOptions.Namespace)!, name, cancellation, port: (int)recovery["port"]!);
            var summary = await DatabaseCommand.WriteAsync(connection, path, cancellation);
            console.Line(string.Create(CultureInfo.InvariantCulture, $"{path}: {summary.Tables} tables, {summary.Rows} rows, as of {moment.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}"));
            console.Line($"slipway db restore {name} {path} --as {name}-before   puts it beside the database, --yes in its place");
            return ExitCodes.Success;
        }
        finally
        {
            await api.DeleteAsync($"{Recoveries}/{(string)recovery["id"]!}", CancellationToken.None);
        }
    }
}
