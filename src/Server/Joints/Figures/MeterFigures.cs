using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Slipway.Telemetry.Collecting;
using Slipway.Telemetry.Labels;

namespace Slipway.Server.Joints.Figures;

/// <summary>
/// The instruments of the control plane and of the event bus as figures. Their rooms know nothing of that: they count
/// into instruments of the runtime, and here is who listens.
/// </summary>
internal sealed class MeterFigures : IFigureSource, IDisposable
{
    /// <summary>Sets of labels of one instrument; what comes beyond is added to one without labels.</summary>
    private const int SeriesMax = 2_000;

    private static readonly string[] s_meters = ["Slipway.Control", "Slipway.Eventing"];
    private static readonly double[] s_bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, ConcurrentDictionary<LabelSet, Cell>> _instruments = new();

    public MeterFigures()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (s_meters.Contains(instrument.Meter.Name) && !instrument.IsObservable)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Add(instrument, value, labels));
        _listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => Add(instrument, value, labels));
        _listener.Start();
    }

    public Task<IReadOnlyList<Figure>> ReadAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Figure>>([.. _instruments.Select(entry => Describe(entry.Key, entry.Value)).OrderBy(figure => figure.Name, StringComparer.Ordinal)]);

    public void Dispose() => _listener.Dispose();

    private static Figure Describe(Instrument instrument, ConcurrentDictionary<LabelSet, Cell> cells)
    {
        var name = instrument.Name.Replace('.', '_');
        name = (name.StartsWith("slipway_", StringComparison.Ordinal) ? name : "slipway_" + name) + (instrument.Unit == "s" ? "_seconds" : "");
        var isHistogram = instrument is Histogram<double> or Histogram<long>;
        return new Figure(
            isHistogram ? name : name + "_total",
            isHistogram ? "histogram" : "counter",
            instrument.Description ?? "",
            [.. cells.SelectMany(cell => isHistogram ? cell.Value.Histogram(cell.Key) : [new FigureValue(cell.Key, cell.Value.Sum)])]);
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var cells = _instruments.GetOrAdd(instrument, _ => new ConcurrentDictionary<LabelSet, Cell>());
        var pairs = new (string, string)[labels.Length];
        for (var index = 0; index < labels.Length; index++)
        {
            pairs[index] = (labels[index].Key.Replace('.', '_'), labels[index].Value?.ToString() ?? "");
        }

        var key = LabelSet.Of(pairs);
        if (!cells.TryGetValue(key, out var cell))
        {
            cell = cells.GetOrAdd(cells.Count < SeriesMax ? key : LabelSet.Empty, _ => new Cell());
        }

        cell.Add(value);
    }

    private sealed class Cell
    {
        private readonly Lock _gate = new();
        private readonly long[] _buckets = new long[s_bounds.Length + 1];
        private double _sum;

        public double Sum
        {
            get
            {
                lock (_gate)
                {
                    return _sum;
                }
            }
        }

        public void Add(double value)
        {
            var bucket = Array.FindIndex(s_bounds, bound => value <= bound);
            lock (_gate)
            {
                _sum += value;
                _buckets[bucket < 0 ? s_bounds.Length : bucket]++;
            }
        }

        public IEnumerable<FigureValue> Histogram(LabelSet labels)
        {
            double sum;
            long[] buckets;
            lock (_gate)
            {
                (sum, buckets) = (_sum, [.. _buckets]);
            }

            long below = 0;
            for (var index = 0; index < buckets.Length; index++)
            {
                below += buckets[index];
                var bound = index < s_bounds.Length ? s_bounds[index].ToString(System.Globalization.CultureInfo.InvariantCulture) : "+Inf";
                yield return new FigureValue(labels.With("le", bound), below, "_bucket");
            }

            yield return new FigureValue(labels, sum, "_sum");
            yield return new FigureValue(labels, below, "_count");
        }
    }
}
