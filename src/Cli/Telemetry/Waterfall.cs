using Slipway.Cli.Terminal;

namespace Slipway.Cli.Telemetry;

/// <summary>A trace as lines of text: who did what, how long, and a bar for when.</summary>
internal static class Waterfall
{
    private const int SpansMax = 500;
    private const int NameMax = 56;
    private static readonly string[] s_told = ["http.response.status_code", "http.status_code", "db.query.text", "db.statement", "slipway.cold_start", "slipway.queue_ms", "messaging.destination.name", "exception.message", "error.type"];

    public static IEnumerable<string> Lines(TracePicture trace, TerminalWriter console, int width)
    {
        var total = Math.Max(1, trace.End - trace.Start);
        var rows = trace.Walk().Take(SpansMax).Select(row => (row.Span, row.Depth, Name: Cut($"{Indent(row.Depth)}{row.Span.Service}: {row.Span.Name}", NameMax))).ToList();
        var names = rows.Max(row => row.Name.Length);
        var bars = Math.Clamp(width - names - 14, 16, 80);
        foreach (var (span, depth, name) in rows)
        {
            var bar = Bar(span, trace.Start, total, bars);
            var painted = span.Failed ? console.Red(bar) : console.Green(bar);
            yield return $"{name}{new string(' ', names - name.Length)} {TimeWords.OfMilliseconds(span.Milliseconds),10} {painted}".TrimEnd();
            if (Told(span) is { Length: > 0 } told)
            {
                yield return console.Dim($"{Indent(depth)}  {Cut(told, Math.Max(40, width - 2 * depth - 4))}");
            }
        }

        if (trace.Spans.Count > SpansMax)
        {
            yield return $"… {trace.Spans.Count - SpansMax} more spans; take all with --json.";
        }
    }

    /// <summary>Where in the whole trace the span lies; what is too short to be seen is one block.</summary>
    internal static string Bar(SpanPicture span, long start, long total, int width)
    {
        var from = (int)Math.Clamp((span.Start - start) * (double)width / total, 0, width - 1);
        var to = (int)Math.Clamp(Math.Ceiling((span.End - start) * (double)width / total), from + 1, width);
        return new string(' ', from) + new string('█', to - from);
    }

    private static string Told(SpanPicture span)
    {
        var parts = s_told.Where(name => span.Attributes.TryGetValue(name, out var value) && value is not ("" or "0" or "false")).Select(name => name switch
        {
            "db.query.text" or "db.statement" => OneLine(span.Attributes[name]),
            "http.response.status_code" or "http.status_code" => $"status {span.Attributes[name]}",
            _ => $"{name[(name.LastIndexOf('.') + 1)..]} {OneLine(span.Attributes[name])}",
        }).Distinct();
        return string.Join(" · ", span.Failed && span.StatusMessage.Length > 0 ? parts.Append(OneLine(span.StatusMessage)) : parts);
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Indent(int depth) => new(' ', 2 * Math.Min(depth, 12));

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..(most - 1)] + "…";
}
