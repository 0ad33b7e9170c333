using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Otlp.Decoding;
using Slipway.Telemetry.Otlp.Wire;
using Slipway.Telemetry.Traces;

namespace Slipway.Telemetry.Otlp;

/// <summary>Writes what is kept here as export requests of the OpenTelemetry protocol, in protobuf.</summary>
internal static class OtlpEncoder
{
    /// <summary>Spans of one program stand together, whichever order they come in.</summary>
    public static void Spans(ReadOnlySpan<SpanRecord> spans, ProtoWriter output)
    {
        foreach (var program in Programs(spans))
        {
            var leader = spans[program[0]];
            var ofResource = output.Begin(1);
            Resource(leader, output);
            var ofScope = output.Begin(2);
            foreach (var index in program)
            {
                Span(spans[index], output);
            }

            output.End(ofScope);
            output.End(ofResource);
        }
    }

    /// <summary>Which spans belong together. The resource of one message is one object, so most need not be compared.</summary>
    private static List<List<int>> Programs(ReadOnlySpan<SpanRecord> spans)
    {
        var programs = new List<List<int>>(4);
        var known = new Dictionary<(string, IReadOnlyList<SpanAttribute>), List<int>>(SameProgram.Instance);
        for (var index = 0; index < spans.Length; index++)
        {
            var span = spans[index];
            if (!known.TryGetValue((span.Service, span.Resource), out var program))
            {
                foreach (var candidate in programs)
                {
                    var leader = spans[candidate[0]];
                    if (leader.Service == span.Service && SameResource(leader.Resource, span.Resource))
                    {
                        program = candidate;
                        break;
                    }
                }

                if (program is null)
                {
                    programs.Add(program = []);
                }

                known.Add((span.Service, span.Resource), program);
            }

            program.Add(index);
        }

        return programs;
    }

    /// <summary>Lines by stream; the labels of a stream are the attributes of its resource.</summary>
    public static void Lines(ReadOnlySpan<LogRecord> lines, ProtoWriter output)
    {
        var streams = new Dictionary<LabelSet, List<LogRecord>>();
        foreach (var line in lines)
        {
            if (!streams.TryGetValue(line.Stream, out var ofStream))
            {
                streams[line.Stream] = ofStream = [];
            }

            ofStream.Add(line);
        }

        foreach (var (stream, ofStream) in streams)
        {
            var ofResource = output.Begin(1);
            var resource = output.Begin(1);
            Labels(stream, output, 1, "level");
            output.End(resource);
            var ofScope = output.Begin(2);
            foreach (var line in ofStream)
            {
                var record = output.Begin(2);
                output.Fixed64(1, (ulong)line.Nanoseconds);
                if (stream["level"] is { Length: > 0 } level)
                {
                    output.Varint(2, SeverityOf(level));
                    output.Text(3, level);
                }

                var body = output.Begin(5);
                output.Text(1, line.Line);
                output.End(body);
                if (line.TraceId is not null)
                {
                    output.Hex(9, line.TraceId);
                }

                output.End(record);
            }

            output.End(ofScope);
            output.End(ofResource);
        }
    }

    /// <summary>Samples under the names they are kept with: counters as sums, everything else as gauges, so that no suffix is added twice.</summary>
    public static void Samples(ReadOnlySpan<IncomingSample> samples, ProtoWriter output)
    {
        var ofResource = output.Begin(1);
        var ofScope = output.Begin(2);
        var done = new Dictionary<string, List<IncomingSample>>(StringComparer.Ordinal);
        foreach (var sample in samples)
        {
            var name = sample.Series.Metric;
            if (!done.TryGetValue(name, out var ofMetric))
            {
                done[name] = ofMetric = [];
            }

            ofMetric.Add(sample);
        }

        foreach (var (name, ofMetric) in done)
        {
            var counter = name.EndsWith("_total", StringComparison.Ordinal);
            var metric = output.Begin(2);
            output.Text(1, name);
            var data = output.Begin(counter ? 7 : 5);
            foreach (var sample in ofMetric)
            {
                var point = output.Begin(1);
                output.Fixed64(3, (ulong)sample.At * 1_000_000);
                output.Double(4, sample.Value);
                Labels(sample.Series, output, 7, LabelSet.MetricName);
                if (BitConverter.DoubleToUInt64Bits(sample.Value) == BitConverter.DoubleToUInt64Bits(Sample.Stale))
                {
                    output.Varint(8, 1);
                }

                output.End(point);
            }

            if (counter)
            {
                output.Varint(2, 2);
                output.Varint(3, 1);
            }

            output.End(data);
            output.End(metric);
        }

        output.End(ofScope);
        output.End(ofResource);
    }

    private static void Resource(SpanRecord span, ProtoWriter output)
    {
        var resource = output.Begin(1);
        if (ResourceAttributes.ValueOf(span.Resource, ResourceAttributes.ServiceName) != span.Service)
        {
            Attribute(1, new SpanAttribute(ResourceAttributes.ServiceName, AttributeValue.Of(span.Service)), output);
        }

        foreach (var attribute in span.Resource)
        {
            if (attribute.Name != ResourceAttributes.ServiceName || attribute.Value.ToString() == span.Service)
            {
                Attribute(1, attribute, output);
            }
        }

        output.End(resource);
    }

    private static void Span(SpanRecord span, ProtoWriter output)
    {
        var message = output.Begin(2);
        output.Hex(1, span.TraceId);
        output.Hex(2, span.SpanId);
        if (span.ParentSpanId is not null)
        {
            output.Hex(4, span.ParentSpanId);
        }

        output.Text(5, span.Name);
        output.Varint(6, (ulong)span.Kind + 1);
        output.Fixed64(7, (ulong)span.Start);
        output.Fixed64(8, (ulong)span.End);
        foreach (var attribute in span.Attributes)
        {
            Attribute(9, attribute, output);
        }

        foreach (var happened in span.Events)
        {
            var inner = output.Begin(11);
            output.Fixed64(1, (ulong)happened.Nanoseconds);
            output.Text(2, happened.Name);
            foreach (var attribute in happened.Attributes)
            {
                Attribute(3, attribute, output);
            }

            output.End(inner);
        }

        foreach (var link in span.Links)
        {
            var inner = output.Begin(13);
            output.Hex(1, link.TraceId);
            output.Hex(2, link.SpanId);
            foreach (var attribute in link.Attributes)
            {
                Attribute(4, attribute, output);
            }

            output.End(inner);
        }

        if (span.Status != SpanStatus.Unset || span.StatusMessage.Length > 0)
        {
            var status = output.Begin(15);
            if (span.StatusMessage.Length > 0)
            {
                output.Text(2, span.StatusMessage);
            }

            output.Varint(3, (ulong)span.Status);
            output.End(status);
        }

        output.End(message);
    }

    private static void Labels(LabelSet labels, ProtoWriter output, int field, string except)
    {
        foreach (var label in labels)
        {
            if (label.Name != except)
            {
                var name = label.Name switch
                {
                    "service" when field == 1 => ResourceAttributes.ServiceName,
                    "namespace" when field == 1 => ResourceAttributes.ServiceNamespace,
                    "instance" when field == 1 => ResourceAttributes.InstanceId,
                    "revision" when field == 1 => ResourceAttributes.Revision,
                    _ => label.Name,
                };
                Attribute(field, new SpanAttribute(name, AttributeValue.Of(label.Value)), output);
            }
        }
    }

    private static void Attribute(int field, SpanAttribute attribute, ProtoWriter output)
    {
        var pair = output.Begin(field);
        output.Text(1, attribute.Name);
        var value = output.Begin(2);
        switch (attribute.Value.Kind)
        {
            case AttributeKind.Flag:
                output.Varint(2, attribute.Value.Flag ? 1UL : 0);
                break;
            case AttributeKind.Whole:
                output.Signed(3, attribute.Value.Whole);
                break;
            case AttributeKind.Fraction:
                output.Double(4, attribute.Value.Fraction);
                break;
            case AttributeKind.Json:
                NestedValues.Write(attribute.Value.ToString(), output);
                break;
            default:
                output.Text(1, attribute.Value.ToString());
                break;
        }

        output.End(value);
        output.End(pair);
    }

    private static bool SameResource(IReadOnlyList<SpanAttribute> one, IReadOnlyList<SpanAttribute> other)
    {
        if (one.Count != other.Count)
        {
            return false;
        }

        for (var index = 0; index < one.Count; index++)
        {
            if (one[index] != other[index])
            {
                return false;
            }
        }

        return true;
    }

    private static ulong SeverityOf(string level) => level switch
    {
        "trace" => 1,
        "debug" => 5,
        "info" => 9,
        "warning" or "warn" => 13,
        "error" => 17,
        "critical" or "fatal" => 21,
        _ => 0,
    };

    /// <summary>Told apart by which object the resource is, not by what it says.</summary>
    private sealed class SameProgram : IEqualityComparer<(string Service, IReadOnlyList<SpanAttribute> Resource)>
    {
        public static SameProgram Instance { get; } = new();

        public bool Equals((string Service, IReadOnlyList<SpanAttribute> Resource) x, (string Service, IReadOnlyList<SpanAttribute> Resource) y) =>
            ReferenceEquals(x.Resource, y.Resource) && x.Service == y.Service;

        public int GetHashCode((string Service, IReadOnlyList<SpanAttribute> Resource) obj) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(obj.Resource);
    }
}
