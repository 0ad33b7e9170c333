using Slipway.Eventing.Log;

namespace Slipway.Eventing.Delivery;

/// <summary>
/// What of one partition is under way. Events end in any order; the position that may be stored is the first that has not
/// ended. Not safe for several threads; the pump guards it.
/// </summary>
internal sealed class Window(long start)
{
    private readonly Queue<Taken> _taken = new();

    /// <summary>The next place to read.</summary>
    public long Next { get; private set; } = start;

    public int Undone { get; private set; }

    /// <summary>How many places lie between the first that has not ended and the next to read.</summary>
    public int Span => _taken.Count;

    /// <summary>Everything before it has ended.</summary>
    public long Position => _taken.TryPeek(out var first) ? first.Record.Place : Next;

    public Taken Take(LogRecord record, bool replay)
    {
        var taken = new Taken(record, replay);
        _taken.Enqueue(taken);
        Undone++;
        return taken;
    }

    /// <summary>Everything before this was taken or is of no concern.</summary>
    public void Passed(long next) => Next = next;

    public void End(Taken taken)
    {
        taken.Ended = true;
        Undone--;
        while (_taken.TryPeek(out var first) && first.Ended)
        {
            _taken.Dequeue();
        }
    }
}

internal sealed class Taken(LogRecord record, bool replay)
{
    public LogRecord Record => record;

    public bool Replay => replay;

    public bool Ended { get; set; }
}
