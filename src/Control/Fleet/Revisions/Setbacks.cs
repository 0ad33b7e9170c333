namespace Slipway.Control.Fleet.Revisions;

/// <summary>
/// Remembers what went wrong with a revision's instances and how long to wait before the next try: the first one is
/// immediate, then the wait doubles up to its limit.
/// </summary>
internal sealed class Setbacks(TimeSpan first, TimeSpan limit, TimeSpan resetAfter)
{
    private DateTimeOffset _countedAt = DateTimeOffset.MinValue;

    /// <summary>Failures in a row; several instances that fell together count once.</summary>
    public int InARow { get; private set; }

    public long Total { get; private set; }

    public DateTimeOffset? NoStartBefore { get; private set; }

    public string? Reason { get; private set; }

    public string? Message { get; private set; }

    public void Record(DateTimeOffset now, DateTimeOffset instanceCreatedAt, DateTimeOffset? servedSince, string reason, string? message)
    {
        Total++;
        (Reason, Message) = (reason, message);
        if (servedSince is { } since && now - since >= resetAfter)
        {
            InARow = 0;
        }

        // An instance that was started before the previous failure says nothing about the tries after it.
        if (instanceCreatedAt < _countedAt && InARow > 0)
        {
            return;
        }

        InARow++;
        _countedAt = now;
        NoStartBefore = now + WaitAfter(InARow);
    }

    /// <summary>An instance serves: there is nothing to complain about at the moment, but it has yet to prove itself.</summary>
    public void Serving() => (Reason, Message) = (null, null);

    public void Reset() => (InARow, Reason, Message, NoStartBefore) = (0, null, null, null);

    internal TimeSpan WaitAfter(int failures)
    {
        if (failures <= 1)
        {
            return TimeSpan.Zero;
        }

        var doublings = Math.Min(failures - 2, 30);
        var wait = TimeSpan.FromSeconds(first.TotalSeconds * Math.Pow(2, doublings));
        return wait < limit ? wait : limit;
    }
}
