using Slipway.Gateway.Recording;
using Slipway.Telemetry.Traces;

namespace Slipway.Server.Joints;

/// <summary>The gateway's own part of every request as a span, in the words of OpenTelemetry.</summary>
internal sealed class GatewaySpans(ISpanSink sink) : IRequestSpans
{
    private const string ServiceName = "slipway-gateway";

    private static readonly IReadOnlyList<SpanAttribute> s_resource =
    [
        Text("service.name", ServiceName), Text("service.namespace", PlatformLines.Namespace), Text("service.instance.id", ServiceName),
    ];

    public void Add(in RequestSpan span)
    {
        var attributes = new List<SpanAttribute>(18)
        {
            Text("http.request.method", span.Method),
            Text("url.path", span.Path),
            Text("url.scheme", span.Secure ? "https" : "http"),
            Text("network.protocol.version", span.Protocol.Replace("HTTP/", "", StringComparison.Ordinal)),
            new("http.response.status_code", AttributeValue.Of((long)span.Status)),
            new("http.request.body.size", AttributeValue.Of(span.RequestBytes)),
            new("http.response.body.size", AttributeValue.Of(span.ResponseBytes)),
            new("slipway.queue_ms", AttributeValue.Of(Math.Round(span.QueueSeconds * 1000, 3))),
            new("slipway.cold_start", AttributeValue.Of(span.ColdStart)),
        };
        Add(attributes, "client.address", span.Peer?.ToString());
        Add(attributes, "slipway.namespace", span.Namespace);
        Add(attributes, "slipway.service", span.Service);
        Add(attributes, "slipway.revision", span.Revision);
        Add(attributes, "slipway.instance", span.Instance);
        Add(attributes, "error.type", span.Refusal ?? (span.Status >= 500 ? span.Status.ToString(System.Globalization.CultureInfo.InvariantCulture) : null));
        if (span.Attempts > 1)
        {
            attributes.Add(new("http.request.resend_count", AttributeValue.Of(span.Attempts - 1L)));
        }

        sink.Append([new SpanRecord
        {
            TraceId = span.TraceId,
            SpanId = span.SpanId,
            ParentSpanId = span.ParentSpanId,
            Service = ServiceName,
            // The path may hold ids; the name must stay one of few.
            Name = span.Service is { } service ? $"{span.Method} {service}" : span.Method,
            Kind = SpanKind.Server,
            Start = span.Start,
            End = span.End,
            Status = span.Status >= 500 ? SpanStatus.Error : SpanStatus.Unset,
            StatusMessage = span.Refusal ?? "",
            Attributes = attributes,
            Resource = s_resource,
        }]);
    }

    private static void Add(List<SpanAttribute> attributes, string name, string? value)
    {
        if (value is { Length: > 0 })
        {
            attributes.Add(Text(name, value));
        }
    }

    private static SpanAttribute Text(string name, string value) => new(name, AttributeValue.Of(value));
}
