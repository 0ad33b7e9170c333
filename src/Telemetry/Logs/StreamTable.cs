using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs.Segments;

namespace Slipway.Telemetry.Logs;

/// <summary>
/// The streams that are written to. A program that puts ids into labels makes a stream of every line; beyond the bound its lines all go
/// to one stream, so that it can be noticed and costs nothing more. Used by one at a time.
/// </summary>
internal sealed class StreamTable(LogStoreOptions options, Func<int> known)
{
    private const long IdleMilliseconds = 3_600_000;
    private const long LookAgainMilliseconds = 10_000;

    private readonly Dictionary<LabelSet, LogStream> _streams = [];
    private readonly LogStream _overflow = new(Overflow, 0);
    private long _looked = long.MinValue / 2;
    private int _last;

    public static LabelSet Overflow { get; } = LabelSet.Of(("stream", "overflow"));

    public int Count => _streams.Count;

    public long Overflowed { get; private set; }

    /// <param name="labels">What the line says it belongs to.</param>
    /// <param name="now">Milliseconds since 1970.</param>
    public LogStream Find(LabelSet labels, long now)
    {
        if (_streams.TryGetValue(labels, out var stream))
        {
            stream.LastUsed = now;
            return stream;
        }

        if (_streams.Count >= options.ActiveStreamsMax)
        {
            ForgetIdle(now);
        }

        if (_streams.Count >= options.ActiveStreamsMax || known() >= options.KnownStreamsMax)
        {
            Overflowed++;
            return _overflow;
        }

        stream = new LogStream(labels, ++_last) { LastUsed = now };
        _streams.Add(labels, stream);
        return stream;
    }

    private void ForgetIdle(long now)
    {
        // A clock that went back must not stop this for ever.
        if (Math.Abs(now - _looked) < LookAgainMilliseconds)
        {
            return;
        }

        _looked = now;
        foreach (var (labels, stream) in _streams)
        {
            if (Math.Abs(now - stream.LastUsed) > IdleMilliseconds)
            {
                _streams.Remove(labels);
            }
        }
    }
}
