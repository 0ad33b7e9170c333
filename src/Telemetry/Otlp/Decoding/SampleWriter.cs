using System.Globalization;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Otlp.Wire;
using Slipway.Telemetry.Traces;

namespace Slipway.Telemetry.Otlp.Decoding;

/// <summary>The samples of one program: its labels on every one of them, and its points turned into series.</summary>
internal sealed class SampleWriter
{
    private const int SamplesMax = 500_000;
    private const int BucketsMax = 1_000;
    private const int LabelsMax = 64;
    private const string Bucket = "_bucket";

    private readonly List<KeyValuePair<string, string>> _ofProgram = [];
    private readonly List<KeyValuePair<string, string>> _info = [];
    private readonly MetricTotals _totals;
    private readonly TextCache _texts;
    private readonly DateTimeOffset _now;
    private readonly int _before;
    private long _latest;

    public SampleWriter(IReadOnlyList<SpanAttribute> resource, MetricTotals totals, TextCache texts, DateTimeOffset now, int before)
    {
        (_totals, _texts, _now, _before) = (totals, texts, now, before);
        var service = ResourceAttributes.ServiceOf(resource);
        var space = ResourceAttributes.ValueOf(resource, ResourceAttributes.ServiceNamespace);
        Source = $"{(space.Length > 0 ? space : "default")}/{service}";
        Own("namespace", space);
        Own("service", service);
        Own("job", service);
        Own("revision", ResourceAttributes.ValueOf(resource, ResourceAttributes.Revision));
        Own("instance", ResourceAttributes.ValueOf(resource, ResourceAttributes.InstanceId));
        foreach (var attribute in resource)
        {
            if (attribute.Name is not (ResourceAttributes.ServiceName or ResourceAttributes.ServiceNamespace or ResourceAttributes.InstanceId or ResourceAttributes.Revision)
                && attribute.Value.Kind != AttributeKind.Json && _info.Count < LabelsMax)
            {
                _info.Add(KeyValuePair.Create(PrometheusNames.Label(attribute.Name), attribute.Value.ToString()));
            }
        }
    }

    public string Source { get; }

    public List<IncomingSample> Samples { get; } = [];

    public int Rejected { get; private set; }

    public string Reason { get; private set; } = "";

    /// <summary>What else is known about the program: one series of the value 1, to be joined with the others.</summary>
    public void TargetInfo()
    {
        if (_info.Count > 0 && Samples.Count > 0)
        {
            Samples.Add(new IncomingSample(Series("target_info", _info), _latest, 1));
        }
    }

    /// <returns>Whether the point could be read.</returns>
    public bool Point(ReadOnlySpan<byte> message, string metric, int kind, bool delta)
    {
        if (_before + Samples.Count >= SamplesMax)
        {
            Reject("more than 500000 samples in one message");
            return true;
        }

        var point = new DataPoint(_texts);
        if (!point.Read(message, kind))
        {
            return false;
        }

        var at = point.Nanoseconds > 0 ? point.Nanoseconds / 1_000_000 : _now.ToUnixTimeMilliseconds();
        _latest = Math.Max(_latest, at);
        switch (kind)
        {
            case 5 or 7:
                if (point.Value is not null || point.NoValue)
                {
                    Put(metric, point, null, at, point.NoValue ? Sample.Stale : point.Value!.Value, delta, point.Exemplars.LastOrDefault());
                }

                return true;
            case 9:
                Histogram(metric, point, at, delta);
                return true;
            case 10:
                return Exponential(metric, point, message, at, delta);
            default:
                foreach (var (quantile, value) in point.Quantiles)
                {
                    Put(metric, point, KeyValuePair.Create("quantile", Text(quantile)), at, value, delta: false, null);
                }

                Put(metric + "_sum", point, null, at, point.Sum ?? 0, delta: false, null);
                Put(metric + "_count", point, null, at, point.Count, delta: false, null);
                return true;
        }
    }

    private void Histogram(string metric, DataPoint point, long at, bool delta)
    {
        if (point.Counts.Count > BucketsMax || (point.Counts.Count > 0 && point.Counts.Count != point.Bounds.Count + 1))
        {
            Reject($"{metric}: bucketCounts must have one number more than explicitBounds, and at most {BucketsMax}");
            return;
        }

        var count = 0.0;
        for (var index = 0; index < point.Bounds.Count; index++)
        {
            count += point.Counts[index];
            Put(metric + Bucket, point, Le(point.Bounds[index]), at, point.NoValue ? Sample.Stale : count, delta, point.ExemplarBetween(index == 0 ? double.NegativeInfinity : point.Bounds[index - 1], point.Bounds[index]));
        }

        Close(metric, point, at, delta, point.Count, point.Sum, point.Bounds.Count == 0 ? double.NegativeInfinity : point.Bounds[^1]);
    }

    private bool Exponential(string metric, DataPoint point, ReadOnlySpan<byte> message, long at, bool delta)
    {
        var total = new ExponentialTotal();
        if (delta)
        {
            total = _totals.Exponentials.Of(Series(metric, point.Labels), _now);
            if (total is null)
            {
                Reject("no room for the totals of another exponential histogram");
                return true;
            }
        }

        lock (total)
        {
            var reader = new ProtoReader(message);
            while (reader.Next())
            {
                if (reader.Field is 8 or 9 && !total.AddBuckets(reader.Bytes, point.Scale, reader.Field == 8))
                {
                    return false;
                }
            }

            total.Add(point.Zeros, (ulong)point.Count, point.Sum ?? 0);
            var below = double.NegativeInfinity;
            foreach (var (bound, count) in total.Buckets())
            {
                Put(metric + Bucket, point, Le(bound), at, point.NoValue ? Sample.Stale : count, delta: false, point.ExemplarBetween(below, bound));
                below = bound;
            }

            Close(metric, point, at, delta: false, total.Count, point.Sum is null ? null : total.Sum, below);
            return true;
        }
    }

    private void Close(string metric, DataPoint point, long at, bool delta, double count, double? sum, double below)
    {
        Put(metric + Bucket, point, Le(double.PositiveInfinity), at, point.NoValue ? Sample.Stale : count, delta, point.ExemplarBetween(below, double.PositiveInfinity));
        Put(metric + "_count", point, null, at, point.NoValue ? Sample.Stale : count, delta, null);
        if (sum is not null)
        {
            Put(metric + "_sum", point, null, at, point.NoValue ? Sample.Stale : sum.Value, delta, null);
        }
    }

    private void Put(string metric, DataPoint point, KeyValuePair<string, string>? label, long at, double value, bool delta, Exemplar? exemplar)
    {
        var series = Series(metric, label is null ? point.Labels : [.. point.Labels, label.Value]);
        if (delta && !point.NoValue)
        {
            if (_totals.Numbers.Of(series, _now) is not { } total)
            {
                Reject("no room for the total of another series");
                return;
            }

            value = total.Add(value);
        }

        Samples.Add(new IncomingSample(series, at, value, exemplar));
    }

    private LabelSet Series(string metric, IReadOnlyList<KeyValuePair<string, string>> labels)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal) { [LabelSet.MetricName] = metric };
        foreach (var (name, value) in _ofProgram)
        {
            all[name] = value;
        }

        foreach (var (name, value) in labels)
        {
            var free = all.TryGetValue(name, out var taken) && taken != value ? "exported_" + name : name;
            all[free] = value;
        }

        return LabelSet.From(all);
    }

    private void Reject(string reason)
    {
        Rejected++;
        Reason = reason;
    }

    private void Own(string name, string value)
    {
        if (value.Length > 0)
        {
            _ofProgram.Add(KeyValuePair.Create(name, value));
        }
    }

    private static KeyValuePair<string, string> Le(double bound) => KeyValuePair.Create("le", Text(bound));

    private static string Text(double value) => double.IsPositiveInfinity(value) ? "+Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
