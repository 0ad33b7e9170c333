namespace Slipway.Control.Events;

/// <summary>
/// One object may tell 25 things at once and then one every ten seconds. At most 4,096 objects are remembered; when more
/// talk, all are forgotten, which at worst lets through one burst more.
/// </summary>
internal sealed class EventRate(TimeProvider time)
{
    private const double Burst = 25;
    private const int ObjectsMax = 4096;

    private static readonly TimeSpan s_refill = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (double Left, DateTimeOffset At)> _objects = new(StringComparer.Ordinal);

    public bool Allows(string uid)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (_objects.Count >= ObjectsMax && !_objects.ContainsKey(uid))
            {
                _objects.Clear();
            }

            var (left, at) = _objects.TryGetValue(uid, out var known) ? known : (Burst, now);
            left = Math.Min(Burst, left + ((now - at) / s_refill));
            var allowed = left >= 1;
            _objects[uid] = (allowed ? left - 1 : left, now);
            return allowed;
        }
    }
}
