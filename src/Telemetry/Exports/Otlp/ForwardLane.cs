using System.Threading.Channels;
using Slipway.Telemetry.Otlp.Wire;

namespace Slipway.Telemetry.Exports.Otlp;

/// <summary>What waits to be sent of one kind, and what became of the rest.</summary>
internal sealed class ForwardLane<T>(string path, int queueMax, SpanEncoding<T> encode)
{
    private readonly Channel<T> _items = Channel.CreateBounded<T>(new BoundedChannelOptions(queueMax) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private long _sent;
    private long _dropped;
    private long _refused;

    public string Path { get; } = path;

    public int Waiting => _items.Reader.Count;

    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>There was no room for them, or they were tried for too long.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>The other side did not want them.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    public ChannelReader<T> Items => _items.Reader;

    public int Append(ReadOnlySpan<T> items)
    {
        var taken = 0;
        while (taken < items.Length && _items.Writer.TryWrite(items[taken]))
        {
            taken++;
        }

        Interlocked.Add(ref _dropped, items.Length - taken);
        return taken;
    }

    public void Encode(List<T> batch, ProtoWriter output) => encode(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(batch), output);

    public void Count(SendOutcome outcome, int items, long rejected)
    {
        switch (outcome)
        {
            case SendOutcome.Sent:
                Interlocked.Add(ref _sent, items - rejected);
                Interlocked.Add(ref _refused, rejected);
                break;
            case SendOutcome.Refused:
                Interlocked.Add(ref _refused, items);
                break;
            default:
                Interlocked.Add(ref _dropped, items);
                break;
        }
    }
}

internal delegate void SpanEncoding<T>(ReadOnlySpan<T> items, ProtoWriter output);
