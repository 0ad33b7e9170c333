using System.Globalization;

namespace Todo.Language.QuickAdding;

/// <summary>Reads the rules that <see cref="Repetition.ToRule"/> writes; any other RRULE is nothing.</summary>
internal static class RuleText
{
    public static Repetition? Read(string rule)
    {
        Repetition? said = null;
        foreach (var part in rule.Split(';'))
        {
            var cut = part.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = cut < 0 ? (part, "") : (part[..cut], part[(cut + 1)..]);
            if (name == "FREQ")
            {
                said = value switch
                {
                    "DAILY" => new(Frequency.Daily),
                    "WEEKLY" => new(Frequency.Weekly),
                    "MONTHLY" => new(Frequency.Monthly),
                    "YEARLY" => new(Frequency.Yearly),
                    _ => null,
                };
            }
            else
            {
                said = said is null ? null : With(said, name, value);
            }

            if (said is null)
            {
                return null;
            }
        }

        return said;
    }

    private static Repetition? With(Repetition said, string name, string value)
    {
        if (name == "BYDAY")
        {
            return WithDays(said, value);
        }

        if (name == "UNTIL")
        {
            return DateOnly.TryParseExact(value, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var until) ? said with { Until = until } : null;
        }

        if (!int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        return name switch
        {
            "INTERVAL" when number is >= 1 and <= 999 => said with { Interval = number },
            "BYMONTH" when number is >= 1 and <= 12 => said with { Month = number },
            "BYMONTHDAY" when number is -1 or (>= 1 and <= 31) => said with { MonthDay = number },
            "COUNT" when number is >= 1 and <= 9999 => said with { Count = number },
            _ => null,
        };
    }

    private static Repetition? WithDays(Repetition said, string value)
    {
        var days = new List<DayOfWeek>();
        var nth = 0;
        foreach (var code in value.Split(','))
        {
            var digits = code.Length > 2 ? code[..^2] : "";
            if (code.Length < 2 || (digits.Length > 0 && !int.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out nth)) || nth is < -1 or > 4)
            {
                return null;
            }

            var found = Enum.GetValues<DayOfWeek>().Where(day => Repetition.Code(day) == code[^2..]).ToList();
            if (found.Count == 0)
            {
                return null;
            }

            days.Add(found[0]);
        }

        return said with { Days = days, Nth = nth };
    }
}
