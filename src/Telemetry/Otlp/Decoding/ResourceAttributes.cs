using Slipway.Telemetry.Otlp.Wire;
using Slipway.Telemetry.Traces;

namespace Slipway.Telemetry.Otlp.Decoding;

/// <summary>What everything a program sends has in common: who it is.</summary>
internal static class ResourceAttributes
{
    public const string ServiceName = "service.name";
    public const string ServiceNamespace = "service.namespace";
    public const string InstanceId = "service.instance.id";
    public const string Revision = "slipway.revision";

    /// <param name="message">A ResourceSpans, ResourceLogs or ResourceMetrics, which have it in the same field.</param>
    /// <returns>Nothing if it cannot be read.</returns>
    public static IReadOnlyList<SpanAttribute>? Read(ReadOnlySpan<byte> message, TextCache texts)
    {
        var attributes = new List<SpanAttribute>();
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field != 1)
            {
                continue;
            }

            var inner = new ProtoReader(reader.Bytes);
            while (inner.Next())
            {
                if (inner.Field == 1 && attributes.Count < AttributeReading.CountMax)
                {
                    if (AttributeReading.Pair(inner.Bytes, texts) is not { } attribute)
                    {
                        return null;
                    }

                    attributes.Add(attribute);
                }
            }

            if (inner.Failed)
            {
                return null;
            }
        }

        return reader.Failed ? null : attributes;
    }

    public static string ValueOf(IReadOnlyList<SpanAttribute> attributes, string name)
    {
        foreach (var attribute in attributes)
        {
            if (attribute.Name == name)
            {
                return attribute.Value.ToString();
            }
        }

        return "";
    }

    public static string ServiceOf(IReadOnlyList<SpanAttribute> resource) => ValueOf(resource, ServiceName) is { Length: > 0 } name ? name : "unknown_service";
}
