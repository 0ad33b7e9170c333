using Todo.Api.Dates;

namespace Todo.Api.Recurring;

/// <summary>What follows when an occurrence is done: its date, and the rule with what is left of COUNT.</summary>
internal sealed record NextOccurrence(Due Due, RecurrenceRule Rule)
{
    /// <summary>
    /// The first occurrence after the present one that is not over yet, so that a daily todo left alone for a month does not come back
    /// thirty times. Occurrences passed over still count. Null when the series has ended.
    /// </summary>
    public static NextOccurrence? Of(RecurrenceRule rule, Due due, DateTimeOffset now)
    {
        var zone = TimeZones.FindOrUtc(due.TimeZone);
        var left = rule.Count;
        foreach (var date in Occurrences.After(rule, due.Date))
        {
            left--;
            if (left <= 0 || rule.Until?.Allows(date, due.Time, zone) == false)
            {
                return null;
            }

            var next = due with { Date = date };
            if (next.At > now)
            {
                return new NextOccurrence(next, rule with { Count = left });
            }
        }

        return null;
    }
}
