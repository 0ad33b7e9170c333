using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Slipway.Sdk.Telemetry;

/// <summary>Listens to the instruments of this service, of the kit and of the database driver, and keeps their values for scraping.</summary>
internal sealed class MetricsRegistry : IDisposable
{
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly Meter _own;
    private readonly TimeProvider _time;
    private readonly Lock _observing = new();
    private readonly Task<Histogram<double>> _listening;
    private MeterListener? _listener;

    public MetricsRegistry(Meter own, TimeProvider time)
    {
        (_own, _time) = (own, time);

        // Beside whatever else starts: the first listener of a process makes the runtime publish all of its own instruments.
        _listening = Task.Run(Listen);
    }

    /// <summary>
    /// How long requests take. A request waits for it, so that nothing it counts is lost; only the very first ever has to.
    /// </summary>
    public ValueTask<Histogram<double>> RequestDurationsAsync() => new(_listening);

    /// <summary>All families, with what is observed on demand brought up to date.</summary>
    public async Task<IReadOnlyList<MetricFamily>> SnapshotAsync()
    {
        await _listening;
        lock (_observing)
        {
            _listener!.RecordObservableInstruments();
        }

        return [.. _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal)];
    }

    public void Dispose()
    {
        _listening.ContinueWith(_ => _listener?.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private Histogram<double> Listen()
    {
        _listener = new MeterListener();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (Concerns(instrument.Meter))
            {
                var family = MetricFamily.Of(instrument);
                listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(family.Name, family));
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, state) => Record(instrument, value, tags, state));
        _listener.SetMeasurementEventCallback<float>((instrument, value, tags, state) => Record(instrument, value, tags, state));
        _listener.SetMeasurementEventCallback<decimal>((instrument, value, tags, state) => Record(instrument, (double)value, tags, state));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, state) => Record(instrument, value, tags, state));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, state) => Record(instrument, value, tags, state));
        _listener.SetMeasurementEventCallback<short>((instrument, value, tags, state) => Record(instrument, value, tags, state));
        _listener.SetMeasurementEventCallback<byte>((instrument, value, tags, state) => Record(instrument, value, tags, state));
        _listener.Start();
        return _own.CreateHistogram<double>("http.server.request.duration", "s", "Time from a request's head to the end of its answer.");
    }

    /// <summary>Several services may live in one process, each with a meter of its own; theirs are none of ours.</summary>
    private bool Concerns(Meter meter) =>
        ReferenceEquals(meter, _own) || meter.Name == "Npgsql" || (meter.Name.StartsWith("Slipway.", StringComparison.Ordinal) && meter.Name != _own.Name);

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var family = (MetricFamily)state!;
        if (family.Kind == MetricKind.Histogram)
        {
            family.Histogram(tags).Record(value, _time);
        }
        else if (instrument.IsObservable || instrument is Gauge<double> or Gauge<long> or Gauge<int>)
        {
            family.Scalar(tags).Set(value);
        }
        else
        {
            family.Scalar(tags).Add(value);
        }
    }
}
