using System.Threading.Channels;

namespace Todo.Api.Live;

/// <summary>"Something changed": raised after a commit, heard by the feed of this instance and told to the others. Signals merge.</summary>
internal sealed class ChangeSignal
{
    private readonly Channel<bool> _local = OneAtMost();
    private readonly Channel<bool> _others = OneAtMost();

    /// <summary>For whoever follows the changes in this instance.</summary>
    public ChannelReader<bool> Local => _local.Reader;

    /// <summary>For whoever tells the other instances.</summary>
    public ChannelReader<bool> Others => _others.Reader;

    /// <summary>This instance has committed something.</summary>
    public void Raise()
    {
        _local.Writer.TryWrite(true);
        _others.Writer.TryWrite(true);
    }

    /// <summary>Another instance has, or somebody has begun to listen.</summary>
    public void Heard() => _local.Writer.TryWrite(true);

    private static Channel<bool> OneAtMost() => Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
}
