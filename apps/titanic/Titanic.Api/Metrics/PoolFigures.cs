using System.Diagnostics.Metrics;

namespace Titanic.Api.Metrics;

/// <summary>The driver alone knows what its connections are doing, and tells it only through instruments of its own.</summary>
internal sealed class PoolFigures : IDisposable
{
    private readonly MeterListener _driver = new();
    private readonly string _pool;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _connections = new(StringComparer.Ordinal);

    public PoolFigures(string pool)
    {
        _pool = pool;
        _driver.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Name: "db.client.connection.count", Meter.Name: "Npgsql" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _driver.SetMeasurementEventCallback<int>((_, value, tags, _) => Heard(value, tags));
        _driver.SetMeasurementEventCallback<long>((_, value, tags, _) => Heard(value, tags));
        _driver.Start();
    }

    public IEnumerable<Measurement<long>> Look()
    {
        _driver.RecordObservableInstruments();
        lock (_lock)
        {
            return [.. _connections.Select(pair => new Measurement<long>(pair.Value, new KeyValuePair<string, object?>("state", pair.Key)))];
        }
    }

    public void Dispose() => _driver.Dispose();

    private void Heard(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var (mine, state) = (false, "");
        foreach (var tag in tags)
        {
            mine |= tag is { Key: "db.client.connection.pool.name", Value: string pool } && pool == _pool;
            state = tag is { Key: "db.client.connection.state", Value: string now } ? now : state;
        }

        if (mine && state.Length > 0)
        {
            lock (_lock)
            {
                _connections[state] = value;
            }
        }
    }
}
