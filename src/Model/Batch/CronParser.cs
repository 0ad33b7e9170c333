using System.Globalization;
using Slipway.Model.Failures;
using Slipway.Model.Values;

namespace Slipway.Model.Batch;

/// <summary>Reads the text of a <see cref="CronSchedule"/>.</summary>
internal static class CronParser
{
    private const int TextLengthMax = 512;
    private const string Every = "@every ";

    private static readonly string[] s_months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] s_weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    private static readonly FieldRange s_minute = new("minute", 0, 59, []);
    private static readonly FieldRange s_hour = new("hour", 0, 23, []);
    private static readonly FieldRange s_day = new("day of month", 1, 31, []);
    private static readonly FieldRange s_month = new("month", 1, 12, s_months);
    private static readonly FieldRange s_weekday = new("day of week", 0, 7, s_weekdays);

    public static Outcome<CronSchedule> Parse(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length is 0 or > TextLengthMax)
        {
            return Wrong(text, "expected five fields: minute, hour, day of month, month, day of week");
        }

        if (trimmed.StartsWith("TZ=", StringComparison.Ordinal) || trimmed.StartsWith("CRON_TZ=", StringComparison.Ordinal))
        {
            return Wrong(text, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
        }

        if (trimmed.StartsWith(Every, StringComparison.Ordinal))
        {
            return GoDuration.TryParse(trimmed[Every.Length..].Trim(), out var interval) && interval >= TimeSpan.FromSeconds(1)
                ? CronSchedule.OfInterval(text, TimeSpan.FromSeconds(Math.Floor(interval.TotalSeconds)))
                : Wrong(text, "@every needs a duration of at least 1s, such as 90m");
        }

        if (trimmed[0] == '@')
        {
            return Macro(trimmed) is { } meaning
                ? OfFields(text, meaning)
                : Wrong(text, $"\"{trimmed}\" is none of @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly, @every");
        }

        return OfFields(text, trimmed);
    }

    private static string? Macro(string name) => name switch
    {
        "@yearly" or "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" or "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        _ => null,
    };

    private static Outcome<CronSchedule> OfFields(string text, string meaning)
    {
        var parts = meaning.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 5)
        {
            return Wrong(text, $"expected exactly 5 fields, found {parts.Length}");
        }

        var sets = new ulong[5];
        var isAny = new bool[5];
        var ranges = new[] { s_minute, s_hour, s_day, s_month, s_weekday };
        for (var index = 0; index < 5; index++)
        {
            if (Read(parts[index], ranges[index], out sets[index], out isAny[index]) is { } why)
            {
                return Wrong(text, why);
            }
        }

        // Sunday may be written as 0 and as 7.
        var weekdays = (sets[4] | (sets[4] >> 7)) & 0x7F;
        return CronSchedule.OfFields(text, new CronFields(sets[0], sets[1], sets[2], sets[3], weekdays, isAny[2], isAny[4]));
    }

    private static string? Read(string field, FieldRange range, out ulong set, out bool isAny)
    {
        set = 0;
        isAny = false;
        foreach (var part in field.Split(','))
        {
            if (ReadPart(part, range, ref set, ref isAny) is { } why)
            {
                return why;
            }
        }

        return null;
    }

    private static string? ReadPart(string part, FieldRange range, ref ulong set, ref bool isAny)
    {
        var stepped = part.Split('/');
        if (stepped.Length > 2)
        {
            return $"{range.Name}: \"{part}\" has more than one step";
        }

        var step = 1;
        if (stepped.Length == 2
            && (!int.TryParse(stepped[1], NumberStyles.None, CultureInfo.InvariantCulture, out step) || step < 1))
        {
            return $"{range.Name}: the step of \"{part}\" must be a number of at least 1";
        }

        var bounds = stepped[0].Split('-');
        var isStar = stepped[0] is "*" or "?";
        int low, high;
        if (isStar)
        {
            (low, high) = (range.Low, range.Natural);
        }
        else
        {
            if (bounds.Length > 2 || range.Value(bounds[0]) is not { } first || range.Value(bounds[^1]) is not { } second)
            {
                return $"{range.Name}: \"{part}\" must be *, numbers from {range.Low} to {range.High}{range.NamesHint}, or ranges of them";
            }

            low = first;

            // A step behind a single number counts on to the end of the range.
            high = bounds.Length == 1 && stepped.Length == 2 ? range.Natural : second;
            if (low > high)
            {
                return $"{range.Name}: the range \"{part}\" runs backwards";
            }
        }

        for (var value = low; value <= high; value += step)
        {
            set |= 1UL << value;
        }

        isAny |= isStar && step == 1;
        return null;
    }

    private static Failure Wrong(string text, string why) =>
        new(FailureKind.Invalid, "cron-schedule-invalid", $"\"{text}\" is not a cron schedule: {why}");

    private sealed record FieldRange(string Name, int Low, int High, string[] Words)
    {
        /// <summary>The highest value a star means; for weekdays 7 is only another word for 0.</summary>
        public int Natural => High == 7 ? 6 : High;

        public string NamesHint => Words.Length == 0 ? "" : $" or {Words[0]} to {Words[^1]}";

        public int? Value(string text)
        {
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return number >= Low && number <= High ? number : null;
            }

            var word = Array.FindIndex(Words, known => known.Equals(text, StringComparison.OrdinalIgnoreCase));
            return word < 0 ? null : word + Low;
        }
    }
}
