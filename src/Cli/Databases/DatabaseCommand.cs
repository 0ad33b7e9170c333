using System.CommandLine;
using System.Globalization;
using Npgsql;
using Slipway.Cli.Connection;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;

namespace Slipway.Cli.Databases;

/// <summary><c>slipway db backup</c> and <c>slipway db restore</c>.</summary>
internal static class DatabaseCommand
{
    private static readonly Argument<string> s_name = new("database") { Description = "Name of the Database." };
    private static readonly Argument<string?> s_to = new("file") { Description = "Where to write; NAME-DATE.sql.gz in this folder unless said otherwise.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<string> s_from = new("file") { Description = "A backup." };
    private static readonly Option<string?> s_as = new("--as") { Description = "Restore into a Database of this name, made if there is none, and leave the other alone." };
    private static readonly Option<bool> s_yes = new("--yes", "-y") { Description = "Replace what the database holds." };

    public static Command Create(TerminalWriter console)
    {
        var backup = new Command("backup", "Write a database into a file, as it is at one moment, while its services go on.\n\nExample:\n  slipway db backup payments") { s_name, s_to, SharedOptions.Namespace, ServerOptions.Home };
        backup.SetAction((parsed, cancellation) => BackupAsync(parsed, console, cancellation));
        var restore = new Command("restore", "Put a backup in the place of what a database holds: all of it, or nothing.\n\nExamples:\n  slipway db restore payments payments.sql.gz --as payments-drill\n  slipway db restore payments payments.sql.gz --yes") { s_name, s_from, s_as, s_yes, SharedOptions.Namespace, ServerOptions.Home };
        restore.SetAction((parsed, cancellation) => RestoreAsync(parsed, console, cancellation));
        return new Command("db", "Back up and restore databases, and take them back to a moment.") { backup, restore, ArchiveCommands.ArchiveCommand(console), ArchiveCommands.RecoverCommand(console) };
    }

    /// <summary>Only its owner may read the file; it is under its own name only once it is whole.</summary>
    internal static async Task<BackupSummary> WriteAsync(NpgsqlConnection connection, string path, CancellationToken cancellation)
    {
        var unfinished = path + ".unfinished";
        try
        {
            BackupSummary summary;
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            File.Delete(unfinished);
            await using (var file = new FileStream(unfinished, options))
            {
                summary = await BackupWriter.WriteAsync(connection, file, cancellation);
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
            return summary;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new CliFailure($"the backup cannot be written to {path}: {trouble.Message}");
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    internal static async Task<BackupSummary> ReadAsync(NpgsqlConnection connection, string path, CancellationToken cancellation)
    {
        try
        {
            await using var file = File.OpenRead(path);
            return await BackupReader.RestoreAsync(connection, file, cancellation);
        }
        catch (Exception trouble) when (trouble is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new CliFailure($"the backup {path} cannot be read: {trouble.Message}");
        }
    }

    private static async Task<int> BackupAsync(ParseResult parsed, TerminalWriter console, CancellationToken cancellation)
    {
        var name = parsed.GetValue(s_name)!;
        var stamp = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var path = parsed.GetValue(s_to) ?? $"{name}-{stamp}.sql.gz";
        using var api = ApiClient.Connect(ServerOptions.Folder(parsed));
        await using var connection = await DatabaseSecret.OpenAsync(api, parsed.GetValue(SharedOptions.Namespace)!, name, cancellation);
        var summary = await WriteAsync(connection, path, cancellation);
        console.Line(string.Create(CultureInfo.InvariantCulture, $"{path}: {summary.Tables} tables, {summary.Rows} rows, {new FileInfo(path).Length / 1024.0:0.0} KiB"));
        return ExitCodes.Success;
    }

    private static async Task<int> RestoreAsync(ParseResult parsed, TerminalWriter console, CancellationToken cancellation)
    {
        var (name, path, @namespace) = (parsed.GetValue(s_name)!, parsed.GetValue(s_from)!, parsed.GetValue(SharedOptions.Namespace)!);
        if (!File.Exists(path))
        {
            throw new CliFailure($"there is no file {path}.", ExitCodes.Usage);
        }

        using var api = ApiClient.Connect(ServerOptions.Folder(parsed));
        var target = parsed.GetValue(s_as) ?? name;
        if (target != name)
        {
            await DatabaseSecret.EnsureAsync(api, @namespace, target, cancellation);
        }

        await using var connection = await DatabaseSecret.OpenAsync(api, @namespace, target, cancellation);
        var tables = await BackupReader.TablesAsync(connection, cancellation);
        if (tables > 0 && !parsed.GetValue(s_yes))
        {
            throw new CliFailure($"database {target} holds {tables} tables, which a restore replaces. Say --yes to do so, or --as NAME to restore beside it.", ExitCodes.Usage);
        }

        var summary = await ReadAsync(connection, path, cancellation);
        console.Line(string.Create(CultureInfo.InvariantCulture, $"database/{target} restored: {summary.Tables} tables, {summary.Rows} rows"));
        return ExitCodes.Success;
    }
}
