using System.Globalization;
using System.Text.RegularExpressions;
using Slipway.Api.Replies;
using Slipway.Model.Failures;

namespace Slipway.Api.CloudRun;

/// <summary>
/// The part of the logging query language that <c>gcloud run … logs</c> writes: comparisons joined by AND. Anything else
/// is refused rather than half understood.
/// </summary>
internal sealed partial record LogFilter
{
    private const int LengthMax = 8 * 1024;

    private static readonly string[] s_severities =
        ["DEFAULT", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY"];

    public string? ResourceType { get; private init; }

    public string? Service { get; private init; }

    public string? Revision { get; private init; }

    public string? Job { get; private init; }

    public string? Location { get; private init; }

    public int SeverityMin { get; private init; }

    public DateTimeOffset? From { get; private init; }

    public DateTimeOffset? To { get; private init; }

    public string? Text { get; private init; }

    public static int SeverityOf(string name) => Math.Max(0, Array.IndexOf(s_severities, name.ToUpperInvariant()));

    public static Outcome<LogFilter> Parse(string filter)
    {
        if (filter.Length > LengthMax)
        {
            return Failures.BadRequest($"filter: at most {LengthMax} characters are allowed");
        }

        var result = new LogFilter();
        var rest = filter.Trim();
        while (rest.Length > 0)
        {
            var term = Term().Match(rest);
            if (!term.Success)
            {
                return Failures.BadRequest($"filter: cannot read \"{rest}\"; only comparisons joined by AND are supported");
            }

            rest = rest[term.Length..].Trim();
            var value = term.Groups["value"].Value;
            value = value is ['"', .., '"'] ? value[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal) : value.TrimEnd(')');
            var next = (term.Groups["field"].Value, term.Groups["sign"].Value) switch
            {
                ("resource.type", "=") => result with { ResourceType = value },
                ("resource.labels.service_name", "=") => result with { Service = value },
                ("resource.labels.revision_name", "=") => result with { Revision = value },
                ("resource.labels.job_name", "=") => result with { Job = value },
                ("resource.labels.location", "=") => result with { Location = value },
                ("severity", ">=" or "=") => result with { SeverityMin = SeverityOf(value) },
                ("timestamp", ">=" or ">") when Instant(value) is { } from => result with { From = from },
                ("timestamp", "<=" or "<") when Instant(value) is { } to => result with { To = to },
                ("textPayload", ":" or "=") => result with { Text = value },
                ("logName", _) => result,
                _ => null,
            };
            if (next is null)
            {
                return Failures.BadRequest($"filter: \"{term.Value.Trim()}\" is not supported");
            }

            result = next;
        }

        return result;
    }

    private static DateTimeOffset? Instant(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;

    [GeneratedRegex("""^(?:\(|AND\s+|\s)*(?<field>[A-Za-z][\w.\-"/]*)\s*(?<sign>>=|<=|!=|=|>|<|:)\s*(?<value>"(?:[^"\\]|\\.)*"|[^\s)]+)\s*\)*""", RegexOptions.CultureInvariant)]
    private static partial Regex Term();
}
