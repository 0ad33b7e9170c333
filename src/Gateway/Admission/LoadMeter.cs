namespace Slipway.Gateway.Admission;

/// <summary>Integrates requests in flight and waiting over time, exactly: the autoscaler's signal.</summary>
internal sealed class LoadMeter(TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _since = time.GetTimestamp();
    private long _last = time.GetTimestamp();
    private double _area;
    private int _present;
    private long _arrivals;

    public int Present => Volatile.Read(ref _present);

    public void Arrived()
    {
        lock (_lock)
        {
            Advance(time.GetTimestamp());
            _present++;
            _arrivals++;
        }
    }

    public void Left()
    {
        lock (_lock)
        {
            Advance(time.GetTimestamp());
            _present--;
        }
    }

    /// <summary>Average and arrivals since the last reading; the next interval starts now.</summary>
    public (double Average, long Arrivals, int Present) Read()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            Advance(now);
            var span = now - _since;
            var average = span > 0 ? _area / span : _present;
            var arrivals = _arrivals;
            _area = 0;
            _arrivals = 0;
            _since = now;
            return (average, arrivals, _present);
        }
    }

    private void Advance(long now)
    {
        // Threads read the clock in an order of their own; an interval is never negative.
        if (now > _last)
        {
            _area += (double)_present * (now - _last);
            _last = now;
        }
    }
}
