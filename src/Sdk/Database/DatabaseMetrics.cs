using System.Diagnostics.Metrics;
using Polly.CircuitBreaker;

namespace Slipway.Sdk.Database;

/// <summary>The pool in figures, on the meter <c>Slipway.Database</c>.</summary>
internal sealed class DatabaseMetrics : IDisposable
{
    public const string MeterName = "Slipway.Database";

    private const string Statements = "db.client.operation.duration";
    private const double SlowSeconds = 1;

    private readonly Meter _meter = new(MeterName);
    private readonly MeterListener _driver = new();
    private readonly string _pool;
    private long _idle;
    private long _slow;

    public DatabaseMetrics(string pool, int max, Seats seats, DatabaseBreaker breaker)
    {
        _pool = pool;

        // The driver alone knows how many connections lie idle, and tells it only through its own instruments.
        _driver.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Name: "db.client.connection.count" or Statements, Meter.Name: "Npgsql" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _driver.SetMeasurementEventCallback<int>(Heard);
        _driver.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Heard(instrument, (int)value, tags, null));
        _driver.SetMeasurementEventCallback<double>(Took);
        _driver.Start();

        _meter.CreateObservableGauge("db.pool.in_use", () => seats.InUse, "{connection}", "Connections that calls hold.");
        var tag = new KeyValuePair<string, object?>("pool", pool);
        _meter.CreateObservableGauge("database.connections.active", () => new Measurement<int>(seats.InUse, tag), "{connection}", "The same under the name that documents use.");
        _meter.CreateObservableCounter("database.slow_queries", () => new Measurement<long>(Interlocked.Read(ref _slow), tag), "{statement}", "Statements that took longer than a second.");
        _meter.CreateObservableGauge("db.pool.idle", Idle, "{connection}", "Open connections nobody uses.");
        _meter.CreateObservableGauge("db.pool.max", () => max, "{connection}", "Calls that may use the database at once.");
        _meter.CreateObservableGauge("db.pool.waiting", () => seats.Waiting, "{call}", "Calls that wait for a connection.");
        _meter.CreateObservableCounter("db.pool.timeouts", () => seats.Refused, "{call}", "Calls refused because no connection became free.");
        _meter.CreateObservableGauge("db.breaker.open", () => breaker.State is CircuitState.Closed ? 0 : 1, null, "1 while calls are refused or only a single one may try.");
    }

    public void Dispose()
    {
        _driver.Dispose();
        _meter.Dispose();
    }

    private long Idle()
    {
        _driver.RecordObservableInstruments();
        return Interlocked.Read(ref _idle);
    }

    private void Took(Instrument instrument, double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        if (seconds <= SlowSeconds || instrument.Name != Statements)
        {
            return;
        }

        foreach (var tag in tags)
        {
            if (tag is { Key: "db.client.connection.pool.name", Value: string pool } && pool.StartsWith(_pool, StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _slow);
            }
        }
    }

    private void Heard(Instrument instrument, int value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var (mine, idle) = (false, false);
        foreach (var tag in tags)
        {
            mine |= tag is { Key: "db.client.connection.pool.name", Value: string pool } && pool == _pool;
            idle |= tag is { Key: "db.client.connection.state", Value: "idle" };
        }

        if (mine && idle)
        {
            Interlocked.Exchange(ref _idle, value);
        }
    }
}
