using System.Text;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Telemetry;

/// <summary>What the options of <c>slipway logs</c> come to in LogQL. Pure.</summary>
internal static class LogQuestion
{
    private static readonly string[] s_levels = ["trace", "debug", "info", "warning", "error", "critical"];

    public static string Of(string @namespace, string? word, string? level, string? trace, string? text)
    {
        // A trace goes through whatever namespaces it goes through.
        var selector = new List<string> { trace is null || word is not null ? Matcher("namespace", @namespace) : "namespace=~\".+\"" };
        switch (word)
        {
            case null:
                break;
            case var pod when pod.StartsWith("pod/", StringComparison.Ordinal):
                selector.Add(Matcher("instance", pod["pod/".Length..]));
                break;
            case var job when job.StartsWith("job/", StringComparison.Ordinal):
                selector.Add(Matcher("service", job["job/".Length..]));
                break;
            default:
                selector.Add(Matcher("service", word));
                break;
        }

        if (level is not null)
        {
            selector.Add(LevelMatcher(level));
        }

        var query = new StringBuilder("{").AppendJoin(", ", selector).Append('}');
        if (trace is not null)
        {
            if (trace.Length != 32 || !trace.All(char.IsAsciiHexDigit))
            {
                throw new CliFailure($"--trace: the id of a trace is 32 hexadecimal digits, not \"{trace}\".", ExitCodes.Usage);
            }

            query.Append(" |= ").Append(Quoted(trace.ToLowerInvariant()));
        }

        if (text is not null)
        {
            query.Append(" |= ").Append(Quoted(text));
        }

        return query.ToString();
    }

    /// <summary>A level stands for itself and everything graver.</summary>
    private static string LevelMatcher(string level)
    {
        var asked = level.ToLowerInvariant() switch { "warn" => "warning", "information" => "info", "fatal" => "critical", var word => word };
        var index = Array.IndexOf(s_levels, asked);
        return index >= 0
            ? $"level=~\"{string.Join('|', s_levels[index..])}\""
            : throw new CliFailure($"--level: there is no level \"{level}\"; levels are {string.Join(", ", s_levels)}.", ExitCodes.Usage);
    }

    private static string Matcher(string label, string value) => $"{label}={Quoted(value)}";

    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";
}
