using System.Text.Json;
using System.Threading.Channels;
using Slipway.Sdk.Live;
using Todo.Api.Endpoints;
using Todo.Api.Endpoints.Changes;

namespace Todo.Api.Live;

/// <summary>
/// One open stream of one person. Of what is read together only the last event carries the new position: a reader that is cut off
/// between two of them hears some again, and misses none. One that does not keep up is cut off.
/// </summary>
internal sealed class FeedReader(Guid userId)
{
    public const int Waiting = 2048;

    private readonly Channel<LiveEvent> _events = Channel.CreateBounded<LiveEvent>(
        new BoundedChannelOptions(Waiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Lock _lock = new();
    private List<LiveEvent>? _early = [];

    public Guid UserId => userId;

    public bool HasEnded { get; private set; }

    public IAsyncEnumerable<LiveEvent> EventsAsync(CancellationToken cancellation) => _events.Reader.ReadAllAsync(cancellation);

    /// <summary>The beginning of the stream; what was sent before waits behind it.</summary>
    /// <param name="complete">False when something was missed that cannot be told: everything has to be read anew.</param>
    public void Begin(List<FeedRow> missed, FeedPosition start, bool complete)
    {
        lock (_lock)
        {
            foreach (var row in missed)
            {
                Write(EventOf(row, ""));
            }

            Write(new LiveEvent(start.Write(), complete ? "ready" : "reset", "{}"));
            foreach (var item in _early ?? [])
            {
                Write(item);
            }

            _early = null;
        }
    }

    /// <param name="rows">Null when there were too many to tell.</param>
    public void Send(IEnumerable<FeedRow>? rows, FeedPosition from, FeedPosition reached)
    {
        lock (_lock)
        {
            if (rows is null)
            {
                Put(new LiveEvent(reached.Write(), "reset", "{}"));
                return;
            }

            FeedRow? held = null;
            foreach (var row in rows)
            {
                if (held is not null)
                {
                    Put(EventOf(held, from.Write()));
                }

                held = row;
            }

            if (held is not null)
            {
                Put(EventOf(held, reached.Write()));
            }
        }
    }

    public void End()
    {
        HasEnded = true;
        _events.Writer.TryComplete();
    }

    private static LiveEvent EventOf(FeedRow row, string id) => new(
        id, row.Kind,
        JsonSerializer.Serialize(new EventDocument(row.Subject, row.Action, row.Version, row.ListId, row.At), TodoJson.Default.EventDocument));

    private void Put(LiveEvent item)
    {
        if (_early is null)
        {
            Write(item);
        }
        else if (_early.Count < Waiting)
        {
            _early.Add(item);
        }
        else
        {
            End();
        }
    }

    private void Write(LiveEvent item)
    {
        if (!_events.Writer.TryWrite(item))
        {
            End();
        }
    }
}
