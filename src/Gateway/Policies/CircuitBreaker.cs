namespace Slipway.Gateway.Policies;

internal sealed record CircuitSettings(TimeSpan SlowAfter, int FailurePercent, TimeSpan Window, int RequestsMin, TimeSpan Reset)
{
    public static CircuitSettings Default { get; } = new(TimeSpan.FromSeconds(5), 50, TimeSpan.FromSeconds(10), 20, TimeSpan.FromSeconds(30));
}

internal enum CircuitState
{
    Closed,
    Open,

    /// <summary>One request is on its way to find out whether the service has recovered.</summary>
    Probing,
}

/// <summary>
/// Leaves a failing service alone for a while. Counts in ten slices of the window; opens when enough of enough requests
/// failed; after the reset time one probe decides.
/// </summary>
internal sealed class CircuitBreaker(CircuitSettings settings, TimeProvider time, string @namespace = "", string policy = "")
{
    private const int Slices = 10;
    private readonly Lock _lock = new();
    private readonly int[] _total = new int[Slices];
    private readonly int[] _failed = new int[Slices];
    private long _slice = -1;
    private long _openedAt;
    private CircuitState _state = CircuitState.Closed;
    private long _opened;

    public string Namespace => @namespace;

    /// <summary>The TrafficPolicy it belongs to.</summary>
    public string Policy => policy;

    /// <summary>How often it opened, probes that failed included.</summary>
    public long Opened => Interlocked.Read(ref _opened);

    public CircuitSettings Settings => settings;

    public CircuitState State
    {
        get
        {
            lock (_lock)
            {
                return _state;
            }
        }
    }

    /// <summary>Whether a request may go; when not, in how long it makes sense to ask again.</summary>
    public bool TryPass(out TimeSpan retryAfter, out bool isProbe)
    {
        lock (_lock)
        {
            isProbe = false;
            retryAfter = TimeSpan.Zero;
            if (_state == CircuitState.Closed)
            {
                return true;
            }

            var open = time.GetElapsedTime(_openedAt);
            if (_state == CircuitState.Open && open >= settings.Reset)
            {
                _state = CircuitState.Probing;
                isProbe = true;
                return true;
            }

            retryAfter = _state == CircuitState.Open ? settings.Reset - open : TimeSpan.FromSeconds(1);
            return false;
        }
    }

    public void Finished(bool failed, bool wasProbe)
    {
        lock (_lock)
        {
            if (wasProbe)
            {
                _state = failed ? CircuitState.Open : CircuitState.Closed;
                _opened += failed ? 1 : 0;
                _openedAt = time.GetTimestamp();
                Array.Clear(_total);
                Array.Clear(_failed);
                return;
            }

            if (_state != CircuitState.Closed)
            {
                return;
            }

            var slice = Turn();
            _total[slice]++;
            _failed[slice] += failed ? 1 : 0;
            var total = _total.Sum();
            if (total >= settings.RequestsMin && _failed.Sum() * 100L >= (long)total * settings.FailurePercent)
            {
                _state = CircuitState.Open;
                _opened++;
                _openedAt = time.GetTimestamp();
            }
        }
    }

    /// <summary>A probe that proved nothing, because its client left: the next request may try.</summary>
    public void ProbeLost()
    {
        lock (_lock)
        {
            if (_state == CircuitState.Probing)
            {
                _state = CircuitState.Open;
            }
        }
    }

    private int Turn()
    {
        var length = Math.Max(1, (long)(settings.Window.TotalSeconds * time.TimestampFrequency / Slices));
        var slice = time.GetTimestamp() / length;
        for (var passed = Math.Max(_slice + 1, slice - Slices + 1); passed <= slice; passed++)
        {
            _total[passed % Slices] = 0;
            _failed[passed % Slices] = 0;
        }

        _slice = Math.Max(_slice, slice);
        return (int)(_slice % Slices);
    }
}
