namespace Slipway.Telemetry.Traces.Gathering;

internal enum TraceFate
{
    Unknown,
    Kept,
    SampledOut,

    /// <summary>It was kept, and its time was over.</summary>
    Expired,

    /// <summary>It should have been kept, and there was no room.</summary>
    Dropped,
}

/// <summary>
/// What became of the last 262,144 traces, so that late spans follow their trace and a question about a trace gets a reason.
/// Not safe for two threads.
/// </summary>
internal sealed class TraceFates(int most = 262_144)
{
    private readonly Dictionary<ulong, TraceFate> _fates = [];
    private readonly Queue<ulong> _byAge = new();

    public TraceFate Of(ulong hash) => _fates.GetValueOrDefault(hash);

    public void Set(ulong hash, TraceFate fate)
    {
        if (_fates.TryAdd(hash, fate))
        {
            _byAge.Enqueue(hash);
            if (_byAge.Count > most)
            {
                _fates.Remove(_byAge.Dequeue());
            }
        }
        else
        {
            _fates[hash] = fate;
        }
    }
}
