namespace Slipway.Sdk.Telemetry;

/// <summary>Writes figures as the ExportMetricsServiceRequest of OTLP, counted since the process began.</summary>
internal sealed class FigureDocument
{
    private const int Cumulative = 2;

    private readonly ProtobufWriter _writer = new();
    private readonly IReadOnlyList<KeyValuePair<string, string>> _resource;
    private readonly ulong _since;

    public FigureDocument(IReadOnlyList<KeyValuePair<string, string>> resource, DateTimeOffset since)
    {
        (_resource, _since) = (resource, Nanoseconds(since));
    }

    /// <summary>Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Write(IReadOnlyList<MetricFamily> families, DateTimeOffset now)
    {
        _writer.Clear();
        var all = _writer.Begin(1);
        var resource = _writer.Begin(1);
        foreach (var (name, value) in _resource)
        {
            OtlpAttributes.Write(_writer, 1, name, value);
        }

        _writer.End(resource);
        var scope = _writer.Begin(2);
        foreach (var family in families)
        {
            Write(family, Nanoseconds(now));
        }

        _writer.End(scope);
        _writer.End(all);
        return _writer.Written;
    }

    private void Write(MetricFamily family, ulong now)
    {
        var mark = _writer.Begin(2);
        _writer.Text(1, family.Instrument);
        _writer.Text(2, family.Help);
        _writer.Text(3, family.Unit);
        var data = _writer.Begin(family.Kind switch { MetricKind.Gauge => 5, MetricKind.Counter => 7, _ => 9 });
        foreach (var (labels, series) in family.Scalars)
        {
            var point = Point(labels, attributes: 7, now);
            _writer.Fixed(4, series.Value);
            _writer.End(point);
        }

        foreach (var (labels, series) in family.Histograms)
        {
            Write(labels, series, now);
        }

        if (family.Kind != MetricKind.Gauge)
        {
            _writer.Whole(2, Cumulative);
        }

        if (family.Kind == MetricKind.Counter)
        {
            _writer.Whole(3, 1);
        }

        _writer.End(data);
        _writer.End(mark);
    }

    private void Write(Labels labels, HistogramSeries series, ulong now)
    {
        var point = Point(labels, attributes: 9, now);
        var counts = series.Counts();
        _writer.Fixed(4, (ulong)counts.Sum());
        _writer.Fixed(5, series.Sum);
        var buckets = _writer.Bytes(6, counts.Length * 8);
        for (var bucket = 0; bucket < counts.Length; bucket++)
        {
            BitConverter.TryWriteBytes(buckets[(bucket * 8)..], counts[bucket]);
        }

        var bounds = _writer.Bytes(7, series.Bounds.Count * 8);
        for (var bound = 0; bound < series.Bounds.Count; bound++)
        {
            BitConverter.TryWriteBytes(bounds[(bound * 8)..], series.Bounds[bound]);
        }

        for (var bucket = 0; bucket < counts.Length; bucket++)
        {
            if (series.ExemplarAt(bucket) is { } exemplar)
            {
                var mark = _writer.Begin(8);
                _writer.Fixed(2, (ulong)(exemplar.AtSeconds * 1e9));
                _writer.Fixed(3, exemplar.Value);
                Convert.FromHexString(exemplar.TraceId).CopyTo(_writer.Bytes(5, 16));
                _writer.End(mark);
            }
        }

        _writer.End(point);
    }

    private int Point(Labels labels, int attributes, ulong now)
    {
        var point = _writer.Begin(1);
        foreach (var (name, value) in labels.Pairs)
        {
            OtlpAttributes.Write(_writer, attributes, name, value);
        }

        _writer.Fixed(2, _since);
        _writer.Fixed(3, now);
        return point;
    }

    private static ulong Nanoseconds(DateTimeOffset instant) => (ulong)(instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100;
}
