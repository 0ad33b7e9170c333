namespace Slipway.Gateway.Listening;

/// <summary>What is being waited for when a deadline passes.</summary>
internal enum Wait : byte
{
    None,
    Head,
    KeepAlive,
    RequestBody,
    ClientTakesBytes,
    Connect,
    Admission,
    ResponseStart,
    ResponseIdle,
}

/// <summary>
/// A deadline that a sweeper looks at a few times a second. Arming one costs two interlocked writes, which a timer per
/// read would not; a sweeper that fires always fires for the wait that was armed, never for the next one.
/// </summary>
internal sealed class Deadline
{
    private const long Fired = -1;
    private long _due;
    private Wait _wait;

    public bool HasFired => Volatile.Read(ref _due) == Fired;

    /// <summary>What was waited for when it fired.</summary>
    public Wait FiredFor => HasFired ? _wait : Wait.None;

    /// <summary>False when the previous wait has just been over; whoever armed it must treat that as its end.</summary>
    public bool Arm(Wait wait, long due)
    {
        if (Interlocked.Exchange(ref _due, 0) == Fired)
        {
            Volatile.Write(ref _due, Fired);
            return false;
        }

        _wait = wait;
        Volatile.Write(ref _due, due);
        return true;
    }

    public bool Disarm() => Arm(Wait.None, 0);

    /// <summary>For the sweeper: the wait that has just run out, or none.</summary>
    public Wait Check(long now)
    {
        var due = Volatile.Read(ref _due);
        if (due <= 0 || now < due || Interlocked.CompareExchange(ref _due, Fired, due) != due)
        {
            return Wait.None;
        }

        return _wait;
    }

    /// <summary>Only between two messages, when nothing is waited for.</summary>
    public void Reset() => Volatile.Write(ref _due, 0);
}
