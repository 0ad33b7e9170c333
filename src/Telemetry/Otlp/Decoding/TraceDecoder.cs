using Slipway.Telemetry.Otlp.Wire;
using Slipway.Telemetry.Traces;

namespace Slipway.Telemetry.Otlp.Decoding;

/// <param name="Mistake">Why the message cannot be read at all; then nothing of it counts.</param>
/// <param name="Rejected">Items left out because they are no spans: without ids of the right length.</param>
internal sealed record DecodedSpans(List<SpanRecord> Spans, int Rejected, string? Mistake);

/// <summary>
/// From an ExportTraceServiceRequest to spans. Of a span the first 256 attributes, 256 events and 256 links are kept; of a message, spans
/// until there are two million of all these, so that few bytes cannot become much memory. Used once.
/// </summary>
internal sealed class TraceDecoder(TextCache texts)
{
    private const int ListMax = 256;
    private const int ItemsMax = 2_000_000;

    private int _items;

    public DecodedSpans Decode(ReadOnlySpan<byte> message)
    {
        var decoded = new List<SpanRecord>();
        var rejected = 0;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1 && ResourceSpans(reader.Bytes, decoded, ref rejected) is { } mistake)
            {
                return new DecodedSpans([], 0, mistake);
            }
        }

        return reader.Failed ? new DecodedSpans([], 0, "the body is no protobuf message") : new DecodedSpans(decoded, rejected, null);
    }

    private string? ResourceSpans(ReadOnlySpan<byte> message, List<SpanRecord> spans, ref int rejected)
    {
        // The resource may come after what belongs to it.
        var resource = ResourceAttributes.Read(message, texts);
        if (resource is null)
        {
            return "resourceSpans.resource cannot be read";
        }

        var service = ResourceAttributes.ServiceOf(resource);
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field != 2)
            {
                continue;
            }

            var scope = new ProtoReader(reader.Bytes);
            while (scope.Next())
            {
                if (scope.Field != 2)
                {
                    continue;
                }

                if (++_items > ItemsMax)
                {
                    rejected++;
                    continue;
                }

                if (!Span(scope.Bytes, service, resource, out var span))
                {
                    return "resourceSpans.scopeSpans.spans cannot be read";
                }

                if (span is null)
                {
                    rejected++;
                }
                else
                {
                    spans.Add(span);
                }
            }

            if (scope.Failed)
            {
                return "resourceSpans.scopeSpans cannot be read";
            }
        }

        return reader.Failed ? "resourceSpans cannot be read" : null;
    }

    /// <returns>Whether it could be read. A span without ids can be read, but is none.</returns>
    private bool Span(ReadOnlySpan<byte> message, string service, IReadOnlyList<SpanAttribute> resource, out SpanRecord? span)
    {
        span = null;
        string? trace = null, id = null, parent = null, name = "", text = "";
        var kind = SpanKind.Internal;
        var status = SpanStatus.Unset;
        long start = 0, end = 0;
        List<SpanAttribute>? attributes = null;
        List<SpanEvent>? events = null;
        List<SpanLink>? links = null;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    trace = Ids.Read(reader.Bytes, 16);
                    break;
                case 2:
                    id = Ids.Read(reader.Bytes, 8);
                    break;
                case 4:
                    parent = Ids.Read(reader.Bytes, 8);
                    break;
                case 5:
                    name = texts.Get(reader.Bytes.Length > 1024 ? reader.Bytes[..1024] : reader.Bytes);
                    break;
                case 6:
                    kind = reader.Number is >= 1 and <= 5 ? (SpanKind)(reader.Number - 1) : SpanKind.Internal;
                    break;
                case 7:
                    start = Math.Max(0, reader.Signed);
                    break;
                case 8:
                    end = Math.Max(0, reader.Signed);
                    break;
                case 9:
                    if (!Attribute(reader.Bytes, ref attributes))
                    {
                        return false;
                    }

                    break;
                case 11 when (events?.Count ?? 0) < ListMax:
                    if (Event(reader.Bytes) is not { } happened)
                    {
                        return false;
                    }

                    _items++;
                    (events ??= []).Add(happened);
                    break;
                case 13 when (links?.Count ?? 0) < ListMax:
                    if (!Link(reader.Bytes, ref links))
                    {
                        return false;
                    }

                    break;
                case 15:
                    var inner = new ProtoReader(reader.Bytes);
                    while (inner.Next())
                    {
                        if (inner.Field == 2)
                        {
                            text = texts.Get(inner.Bytes.Length > 4096 ? inner.Bytes[..4096] : inner.Bytes);
                        }
                        else if (inner.Field == 3)
                        {
                            status = inner.Number <= 2 ? (SpanStatus)inner.Number : SpanStatus.Unset;
                        }
                    }

                    if (inner.Failed)
                    {
                        return false;
                    }

                    break;
                default:
                    break;
            }
        }

        if (reader.Failed)
        {
            return false;
        }

        if (trace is not null && id is not null)
        {
            span = new SpanRecord
            {
                TraceId = trace,
                SpanId = id,
                ParentSpanId = parent,
                Service = service,
                Name = name,
                Kind = kind,
                Start = start,
                End = end,
                Status = status,
                StatusMessage = text,
                Attributes = (IReadOnlyList<SpanAttribute>?)attributes ?? [],
                Resource = resource,
                Events = (IReadOnlyList<SpanEvent>?)events ?? [],
                Links = (IReadOnlyList<SpanLink>?)links ?? [],
            };
        }

        return true;
    }

    private SpanEvent? Event(ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message);
        var (at, name) = (0L, "");
        List<SpanAttribute>? attributes = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    at = Math.Max(0, reader.Signed);
                    break;
                case 2:
                    name = texts.Get(reader.Bytes.Length > 1024 ? reader.Bytes[..1024] : reader.Bytes);
                    break;
                case 3:
                    if (!Attribute(reader.Bytes, ref attributes))
                    {
                        return null;
                    }

                    break;
                default:
                    break;
            }
        }

        return reader.Failed ? null : new SpanEvent(at, name, (IReadOnlyList<SpanAttribute>?)attributes ?? []);
    }

    private bool Link(ReadOnlySpan<byte> message, ref List<SpanLink>? links)
    {
        var reader = new ProtoReader(message);
        string? trace = null, id = null;
        List<SpanAttribute>? attributes = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    trace = Ids.Read(reader.Bytes, 16);
                    break;
                case 2:
                    id = Ids.Read(reader.Bytes, 8);
                    break;
                case 4:
                    if (!Attribute(reader.Bytes, ref attributes))
                    {
                        return false;
                    }

                    break;
                default:
                    break;
            }
        }

        if (trace is not null && id is not null && !reader.Failed)
        {
            _items++;
            (links ??= []).Add(new SpanLink(trace, id, (IReadOnlyList<SpanAttribute>?)attributes ?? []));
        }

        return !reader.Failed;
    }

    private bool Attribute(ReadOnlySpan<byte> message, ref List<SpanAttribute>? attributes)
    {
        if ((attributes?.Count ?? 0) >= AttributeReading.CountMax)
        {
            return true;
        }

        _items++;
        if (AttributeReading.Pair(message, texts) is not { } attribute)
        {
            return false;
        }

        (attributes ??= new List<SpanAttribute>(8)).Add(attribute);
        return true;
    }
}
