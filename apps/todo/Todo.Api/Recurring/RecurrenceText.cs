using System.Globalization;
using System.Text;

namespace Todo.Api.Recurring;

/// <summary>Reads and writes <c>FREQ=WEEKLY;BYDAY=MO</c>. What it cannot honour it refuses by name instead of ignoring it.</summary>
internal static class RecurrenceText
{
    public const int LengthMax = 500;
    public const int IntervalMax = 1000;
    public const int CountMax = 10_000;

    private static readonly string[] s_days = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

    /// <summary>Null when the text is a rule; else what is wrong with it.</summary>
    public static string? TryRead(string text, out RecurrenceRule rule)
    {
        rule = new RecurrenceRule(Frequency.Daily);
        var body = text.Trim();
        if (body.StartsWith("RRULE:", StringComparison.OrdinalIgnoreCase))
        {
            body = body[6..];
        }

        if (body.Length is 0 or > LengthMax)
        {
            return $"A recurrence is a text such as FREQ=WEEKLY;BYDAY=MO of at most {LengthMax} characters.";
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in body.ToUpperInvariant().Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = part.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (part[..at], part[(at + 1)..]) : (part, "");
            if (!seen.Add(name))
            {
                return $"{name} stands twice in the recurrence.";
            }

            if (TryReadPart(name, value, ref rule) is { } wrong)
            {
                return wrong;
            }
        }

        return seen.Contains("FREQ") ? Contradiction(rule) : "The recurrence says no FREQ.";
    }

    public static string Write(RecurrenceRule rule)
    {
        var text = new StringBuilder("FREQ=").Append(rule.Frequency.ToString().ToUpperInvariant());
        if (rule.Interval != 1)
        {
            text.Append(CultureInfo.InvariantCulture, $";INTERVAL={rule.Interval}");
        }

        if (rule.Count is { } count)
        {
            text.Append(CultureInfo.InvariantCulture, $";COUNT={count}");
        }

        if (rule.Until is { } until)
        {
            text.Append(";UNTIL=").Append(until.Date.ToString("yyyyMMdd", CultureInfo.InvariantCulture));
            if (until.Time is { } time)
            {
                text.Append('T').Append(time.ToString("HHmmss", CultureInfo.InvariantCulture)).Append(until.IsUtc ? "Z" : "");
            }
        }

        Append(text, "BYMONTH", rule.ByMonth);
        Append(text, "BYMONTHDAY", rule.ByMonthDay);
        Append(text, "BYDAY", rule.ByDay.Select(day => (day.Ordinal == 0 ? "" : day.Ordinal.ToString(CultureInfo.InvariantCulture)) + s_days[(int)day.Day]));
        return rule.WeekStart == DayOfWeek.Monday ? text.ToString() : text.Append(";WKST=").Append(s_days[(int)rule.WeekStart]).ToString();
    }

    private static void Append<T>(StringBuilder text, string name, IEnumerable<T> values)
    {
        var joined = string.Join(',', values);
        if (joined.Length > 0)
        {
            text.Append(';').Append(name).Append('=').Append(joined);
        }
    }

    private static string? TryReadPart(string name, string value, ref RecurrenceRule rule)
    {
        switch (name)
        {
            case "FREQ":
                Frequency? frequency = value switch
                {
                    "DAILY" => Frequency.Daily,
                    "WEEKLY" => Frequency.Weekly,
                    "MONTHLY" => Frequency.Monthly,
                    "YEARLY" => Frequency.Yearly,
                    _ => null,
                };
                rule = rule with { Frequency = frequency ?? Frequency.Daily };
                return frequency is null ? "FREQ is one of DAILY, WEEKLY, MONTHLY, YEARLY." : null;
            case "INTERVAL":
                rule = rule with { Interval = Number(value, 1, IntervalMax) ?? 0 };
                return rule.Interval == 0 ? $"INTERVAL is a number from 1 to {IntervalMax}." : null;
            case "COUNT":
                rule = rule with { Count = Number(value, 1, CountMax) };
                return rule.Count is null ? $"COUNT is a number from 1 to {CountMax}." : null;
            case "UNTIL":
                rule = rule with { Until = ReadUntil(value) };
                return rule.Until is null ? "UNTIL is a date such as 20261231 or a moment such as 20261231T120000Z." : null;
            case "BYMONTH":
                return Numbers(value, 1, 12, false, out var months) ? Set(ref rule, rule with { ByMonth = months }) : "BYMONTH lists months from 1 to 12.";
            case "BYMONTHDAY":
                return Numbers(value, 1, 31, true, out var days)
                    ? Set(ref rule, rule with { ByMonthDay = days })
                    : "BYMONTHDAY lists days from 1 to 31, or from -1 (the last one) to -31.";
            case "BYDAY":
                return Days(value, out var weekdays)
                    ? Set(ref rule, rule with { ByDay = weekdays })
                    : "BYDAY lists weekdays such as MO, or 1MO and -1FR for the first and the last one.";
            case "WKST":
                var start = Array.IndexOf(s_days, value);
                return start < 0 ? "WKST is one of MO, TU, WE, TH, FR, SA, SU." : Set(ref rule, rule with { WeekStart = (DayOfWeek)start });
            default:
                return $"{(name.Length > 20 ? name[..20] : name)} is not supported in a recurrence. Use FREQ, INTERVAL, COUNT, UNTIL, BYDAY, BYMONTHDAY, BYMONTH and WKST.";
        }
    }

    private static string? Set(ref RecurrenceRule rule, RecurrenceRule changed)
    {
        rule = changed;
        return null;
    }

    private static string? Contradiction(RecurrenceRule rule)
    {
        if (rule is { Count: not null, Until: not null })
        {
            return "COUNT and UNTIL exclude each other.";
        }

        if (rule is { Frequency: Frequency.Weekly, ByMonthDay.Count: > 0 })
        {
            return "BYMONTHDAY does not go with FREQ=WEEKLY.";
        }

        var ordinals = rule.ByDay.Where(day => day.Ordinal != 0).ToList();
        if (ordinals.Count == 0)
        {
            return null;
        }

        if (rule.Frequency is Frequency.Daily or Frequency.Weekly || rule.ByMonthDay.Count > 0)
        {
            return "Numbered weekdays such as 1MO go with FREQ=MONTHLY or FREQ=YEARLY and without BYMONTHDAY.";
        }

        var max = rule.Frequency == Frequency.Yearly && rule.ByMonth.Count == 0 ? 53 : 5;
        return ordinals.Exists(day => Math.Abs(day.Ordinal) > max) ? $"A weekday's number lies between -{max} and {max} here." : null;
    }

    private static int? Number(string text, int min, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max ? value : null;

    private static bool Numbers(string text, int min, int max, bool negativeToo, out List<int> numbers)
    {
        numbers = [];
        foreach (var part in text.Split(','))
        {
            var negative = negativeToo && part.StartsWith('-');
            if (Number(negative ? part[1..] : part, min, max) is not { } value)
            {
                return false;
            }

            numbers.Add(negative ? -value : value);
        }

        numbers = [.. numbers.Distinct().Order()];
        return true;
    }

    private static bool Days(string text, out List<ByDay> days)
    {
        days = [];
        foreach (var part in text.Split(','))
        {
            var day = part.Length >= 2 ? Array.IndexOf(s_days, part[^2..]) : -1;
            var sign = part.Length > 2 ? part[..^2].TrimStart('+') : "0";
            var negative = sign.StartsWith('-');
            if (day < 0 || Number(negative ? sign[1..] : sign, part.Length > 2 ? 1 : 0, 53) is not { } ordinal)
            {
                return false;
            }

            days.Add(new ByDay(negative ? -ordinal : ordinal, (DayOfWeek)day));
        }

        days = [.. days.Distinct()];
        return true;
    }

    private static Until? ReadUntil(string text)
    {
        if (DateOnly.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return new Until(date, null, false);
        }

        var utc = text.EndsWith('Z');
        return DateTime.TryParseExact(utc ? text[..^1] : text, "yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment)
            ? new Until(DateOnly.FromDateTime(moment), TimeOnly.FromDateTime(moment), utc)
            : null;
    }
}
