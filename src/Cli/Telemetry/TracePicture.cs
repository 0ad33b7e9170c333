using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.Cli.Telemetry;

/// <summary>One span as the waterfall needs it; times in nanoseconds since 1970.</summary>
internal sealed record SpanPicture(
    string Id, string? Parent, string Service, string Name, string Kind, long Start, long End, bool Failed, string StatusMessage, IReadOnlyDictionary<string, string> Attributes)
{
    public double Milliseconds => Math.Max(0, End - Start) / 1e6;
}

/// <summary>A trace out of the JSON form of OTLP, in the order in which its work began below each parent. Pure.</summary>
internal sealed class TracePicture
{
    private readonly ILookup<string, SpanPicture> _children;
    private readonly HashSet<string> _ids;

    private TracePicture(IReadOnlyList<SpanPicture> spans)
    {
        Spans = spans;
        _ids = spans.Select(span => span.Id).ToHashSet(StringComparer.Ordinal);
        _children = spans.Where(span => span.Parent is not null && _ids.Contains(span.Parent)).OrderBy(span => span.Start).ToLookup(span => span.Parent!, StringComparer.Ordinal);
    }

    public IReadOnlyList<SpanPicture> Spans { get; }

    public long Start => Spans.Min(span => span.Start);

    public long End => Spans.Max(span => span.End);

    /// <summary>Every span once, with how deep it lies. What its parent never sent stands at the top.</summary>
    public IEnumerable<(SpanPicture Span, int Depth)> Walk()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<(SpanPicture Span, int Depth)>();
        foreach (var root in Spans.Where(span => span.Parent is null || !_ids.Contains(span.Parent)).OrderByDescending(span => span.Start))
        {
            open.Push((root, 0));
        }

        while (open.Count > 0)
        {
            var (span, depth) = open.Pop();
            // Ids that name each other as parents must not hold the walk.
            if (!seen.Add(span.Id))
            {
                continue;
            }

            yield return (span, depth);
            foreach (var child in _children[span.Id].Reverse())
            {
                open.Push((child, depth + 1));
            }
        }
    }

    public static TracePicture Read(JsonNode answer)
    {
        var spans = new List<SpanPicture>();
        var resources = (answer["batches"] ?? answer["resourceSpans"] ?? answer["trace"]?["resourceSpans"]) as JsonArray ?? [];
        foreach (var resource in resources)
        {
            var about = Attributes(resource?["resource"]?["attributes"]);
            foreach (var scope in resource?["scopeSpans"] as JsonArray ?? [])
            {
                foreach (var span in scope?["spans"] as JsonArray ?? [])
                {
                    spans.Add(Read(span!, about.GetValueOrDefault("service.name") ?? "?"));
                }
            }
        }

        return new TracePicture(spans);
    }

    private static SpanPicture Read(JsonNode span, string service)
    {
        var parent = (string?)span["parentSpanId"];
        var status = span["status"];
        return new SpanPicture(
            (string?)span["spanId"] ?? "",
            parent is { Length: > 0 } && parent.AsSpan().ContainsAnyExcept('0') ? parent : null,
            service,
            (string?)span["name"] ?? "",
            Word(span["kind"]),
            Whole(span["startTimeUnixNano"]),
            Whole(span["endTimeUnixNano"]),
            Word(status?["code"]) is "2" or "STATUS_CODE_ERROR",
            (string?)status?["message"] ?? "",
            Attributes(span["attributes"]));
    }

    private static Dictionary<string, string> Attributes(JsonNode? list)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var attribute in list as JsonArray ?? [])
        {
            if ((string?)attribute?["key"] is { } key && attribute!["value"] is JsonObject { Count: > 0 } value)
            {
                found[key] = value.First().Value is JsonValue plain ? plain.ToString() : value.First().Value?.ToJsonString() ?? "";
            }
        }

        return found;
    }

    private static string Word(JsonNode? value) => value is JsonValue plain ? plain.ToString() : "";

    private static long Whole(JsonNode? value) => long.TryParse(Word(value), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
