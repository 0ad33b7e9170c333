namespace Slipway.Gateway.Policies;

/// <summary>Retries may add at most a share of the requests of the last ten seconds, so that they never become the overload they answer to.</summary>
internal sealed class RetryBudget(int percent, TimeProvider time)
{
    private const int Seconds = 10;

    /// <summary>A quiet service may still retry now and then.</summary>
    private const int AlwaysAllowed = 3;

    private readonly Lock _lock = new();
    private readonly long[] _requests = new long[Seconds];
    private readonly long[] _retries = new long[Seconds];
    private long _second;

    public void Counted()
    {
        lock (_lock)
        {
            _requests[Turn()]++;
        }
    }

    public bool TryTake()
    {
        lock (_lock)
        {
            var now = Turn();
            if (_retries.Sum() >= Math.Max(AlwaysAllowed, _requests.Sum() * percent / 100))
            {
                return false;
            }

            _retries[now]++;
            return true;
        }
    }

    private int Turn()
    {
        var second = time.GetTimestamp() / time.TimestampFrequency;
        for (var passed = Math.Max(_second + 1, second - Seconds + 1); passed <= second; passed++)
        {
            _requests[passed % Seconds] = 0;
            _retries[passed % Seconds] = 0;
        }

        _second = Math.Max(_second, second);
        return (int)(_second % Seconds);
    }
}
