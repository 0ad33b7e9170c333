using System.Threading.Channels;
using Slipway.Sdk.Live;

namespace Retail.Catalog.Live;

/// <summary>One open stream. One that does not keep up ends; its reader comes back and is told how things are.</summary>
internal sealed class LiveReader(IReadOnlySet<string> skus)
{
    public const int Waiting = 512;

    private readonly Channel<LiveEvent> _events = Channel.CreateBounded<LiveEvent>(
        new BoundedChannelOptions(Waiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    /// <summary>Empty for everything.</summary>
    public IReadOnlySet<string> Skus => skus;

    public bool HasEnded { get; private set; }

    public IAsyncEnumerable<LiveEvent> EventsAsync(CancellationToken cancellation) => _events.Reader.ReadAllAsync(cancellation);

    public void Send(LiveEvent item)
    {
        if (!_events.Writer.TryWrite(item))
        {
            End();
        }
    }

    public void End()
    {
        HasEnded = true;
        _events.Writer.TryComplete();
    }
}
