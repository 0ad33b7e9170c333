namespace Todo.Api.Dates;

/// <summary>When something is due: a day, perhaps a time, perhaps in a zone. Without a zone it means the reader's own calendar.</summary>
internal sealed record Due(DateOnly Date, TimeOnly? Time, string? TimeZone)
{
    /// <summary>A day without a time is over at its last second.</summary>
    private static readonly TimeOnly s_endOfDay = new(23, 59, 59);

    public DateTimeOffset At => LocalMoment.Of(Date, Time ?? s_endOfDay, TimeZones.FindOrUtc(TimeZone));
}
