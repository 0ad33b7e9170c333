using Slipway.Telemetry.Traces;

namespace Slipway.Telemetry.Tests.Traces;

internal static class SpanMaker
{
    public const long Second = 1_000_000_000;

    /// <summary>Noon of the first day of 2030, where the manual clock begins.</summary>
    public static readonly long Noon = (new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero) - DateTimeOffset.UnixEpoch).Ticks * 100;

    public static string TraceId(int number) => $"{number + 1:x8}{(uint)(number * 2654435761):x8}{number:x16}";

    public static string SpanId(int number) => $"{number + 1:x16}";

    public static SpanRecord Span(
        int trace, int span = 0, int? parent = null, string service = "orders", string name = "GET /orders", long start = 0, long milliseconds = 20,
        SpanStatus status = SpanStatus.Unset, SpanKind kind = SpanKind.Server, params SpanAttribute[] attributes) => new()
        {
            TraceId = TraceId(trace),
            SpanId = SpanId((trace * 100) + span),
            ParentSpanId = parent is null ? null : SpanId((trace * 100) + parent.Value),
            Service = service,
            Name = name,
            Kind = kind,
            Start = Noon + start,
            End = Noon + start + (milliseconds * 1_000_000),
            Status = status,
            Attributes = attributes,
            Resource = [new SpanAttribute("service.name", AttributeValue.Of(service)), new SpanAttribute("service.namespace", AttributeValue.Of("shop"))],
        };

    public static SpanAttribute Attribute(string name, string value) => new(name, AttributeValue.Of(value));

    public static SpanAttribute Attribute(string name, long value) => new(name, AttributeValue.Of(value));
}
