using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Otlp.Wire;
using Slipway.Telemetry.Traces;

namespace Slipway.Telemetry.Otlp.Decoding;

/// <param name="Source">Who sent them, for the limit of series per source.</param>
internal sealed record SourceSamples(string Source, List<IncomingSample> Samples);

/// <param name="Rejected">Data points left out; <paramref name="Reason"/> tells why.</param>
internal sealed record DecodedSamples(List<SourceSamples> Sources, List<MetricMetadata> Metadata, int Rejected, string Reason, string? Mistake);

/// <summary>Totals that outlive a message: of sums and histograms that are sent as what was added.</summary>
internal sealed class MetricTotals
{
    public RunningTotals<NumberTotal> Numbers { get; } = new(50_000);

    public RunningTotals<ExponentialTotal> Exponentials { get; } = new(2_000);
}

/// <summary>
/// From an ExportMetricsServiceRequest to samples in the names and labels of Prometheus. A message may come to half a million samples;
/// points beyond are rejected. Used once.
/// </summary>
internal sealed class MetricDecoder(TextCache texts, MetricTotals totals, TimeProvider time)
{
    private readonly List<SourceSamples> _sources = [];
    private readonly List<MetricMetadata> _metadata = [];
    private readonly HashSet<string> _described = new(StringComparer.Ordinal);
    private int _rejected;
    private string _reason = "";

    public DecodedSamples Decode(ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1 && ResourceMetrics(reader.Bytes) is { } mistake)
            {
                return new DecodedSamples([], [], 0, "", mistake);
            }
        }

        return reader.Failed
            ? new DecodedSamples([], [], 0, "", "the body is no protobuf message")
            : new DecodedSamples(_sources, _metadata, _rejected, _reason, null);
    }

    private string? ResourceMetrics(ReadOnlySpan<byte> message)
    {
        var resource = ResourceAttributes.Read(message, texts);
        if (resource is null)
        {
            return "resourceMetrics.resource cannot be read";
        }

        var writer = new SampleWriter(resource, totals, texts, time.GetUtcNow(), _sources.Sum(source => source.Samples.Count));
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
                if (scope.Field == 2 && !Metric(scope.Bytes, writer))
                {
                    return "resourceMetrics.scopeMetrics.metrics cannot be read";
                }
            }

            if (scope.Failed)
            {
                return "resourceMetrics.scopeMetrics cannot be read";
            }
        }

        if (reader.Failed)
        {
            return "resourceMetrics cannot be read";
        }

        writer.TargetInfo();
        _sources.Add(new SourceSamples(writer.Source, writer.Samples));
        _rejected += writer.Rejected;
        _reason = writer.Reason.Length > 0 ? writer.Reason : _reason;
        return null;
    }

    private bool Metric(ReadOnlySpan<byte> message, SampleWriter writer)
    {
        string name = "", help = "", unit = "";
        var kind = 0;
        ReadOnlySpan<byte> data = default;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    name = texts.Get(reader.Bytes.Length > 512 ? reader.Bytes[..512] : reader.Bytes);
                    break;
                case 2:
                    help = texts.Get(reader.Bytes.Length > 1024 ? reader.Bytes[..1024] : reader.Bytes);
                    break;
                case 3:
                    unit = texts.Get(reader.Bytes.Length > 64 ? reader.Bytes[..64] : reader.Bytes);
                    break;
                case 5 or 7 or 9 or 10 or 11:
                    kind = reader.Field;
                    data = reader.Bytes;
                    break;
                default:
                    break;
            }
        }

        if (reader.Failed || !Shape(data, out var temporality, out var monotonic))
        {
            return false;
        }

        if (kind == 0 || name.Length == 0)
        {
            return true;
        }

        var counter = kind == 7 && monotonic;
        var metric = PrometheusNames.Metric(name, unit, counter, kind == 5);
        if (_metadata.Count < 10_000 && _described.Add(metric))
        {
            var word = kind switch
            {
                5 => "gauge",
                7 => counter ? "counter" : "gauge",
                11 => "summary",
                _ => "histogram",
            };
            _metadata.Add(new MetricMetadata(metric, word, help, PrometheusNames.UnitOf(unit, kind == 5)));
        }

        var points = new ProtoReader(data);
        while (points.Next())
        {
            if (points.Field == 1 && !writer.Point(points.Bytes, metric, kind, delta: temporality == 1))
            {
                return false;
            }
        }

        return !points.Failed;
    }

    private static bool Shape(ReadOnlySpan<byte> data, out int temporality, out bool monotonic)
    {
        (temporality, monotonic) = (0, false);
        var reader = new ProtoReader(data);
        while (reader.Next())
        {
            if (reader.Field == 2)
            {
                temporality = (int)reader.Number;
            }
            else if (reader.Field == 3)
            {
                monotonic = reader.Number != 0;
            }
        }

        return !reader.Failed;
    }
}
