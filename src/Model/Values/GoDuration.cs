using System.Buffers;
using System.Globalization;
using System.Text;

namespace Slipway.Model.Values;

/// <summary>Durations as Go writes them: <c>300ms</c>, <c>1m30s</c>, <c>-1.5h</c>, <c>0</c>.</summary>
public static class GoDuration
{
    private static readonly SearchValues<char> s_number = SearchValues.Create("0123456789.");

    /// <summary>The finest step we keep is a tick of 100 ns; smaller parts are cut off.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        var rest = text.AsSpan();
        var negative = rest[0] == '-';
        if (rest[0] is '-' or '+')
        {
            rest = rest[1..];
        }

        if (rest is "0")
        {
            return true;
        }

        if (rest.IsEmpty)
        {
            return false;
        }

        var ticks = 0m;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(s_number);
            if (digits <= 0 || digits > 20
                || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
            {
                return false;
            }

            rest = rest[digits..];
            var letters = rest.IndexOfAny(s_number);
            var unit = letters < 0 ? rest : rest[..letters];
            if (TicksOf(unit) is not { } factor)
            {
                return false;
            }

            ticks += amount * factor;
            rest = rest[unit.Length..];
            if (ticks > long.MaxValue)
            {
                return false;
            }
        }

        duration = TimeSpan.FromTicks((long)(negative ? -ticks : ticks));
        return true;
    }

    public static TimeSpan Parse(string text) =>
        TryParse(text, out var duration) ? duration : throw new FormatException($"\"{text}\" is not a duration such as 30s or 1m30s.");

    /// <summary>Writes a duration as Go's own formatting does: <c>1h0m0s</c>, <c>1.5s</c>, <c>300ms</c>, <c>0s</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
        {
            return "0s";
        }

        var ticks = Math.Abs((decimal)duration.Ticks);
        var text = new StringBuilder(duration < TimeSpan.Zero ? "-" : "");
        if (ticks < TimeSpan.TicksPerSecond)
        {
            return ticks switch
            {
                < 10 => text.Append(Plain(ticks * 100)).Append("ns").ToString(),
                < TimeSpan.TicksPerMillisecond => text.Append(Plain(ticks / 10)).Append("µs").ToString(),
                _ => text.Append(Plain(ticks / TimeSpan.TicksPerMillisecond)).Append("ms").ToString(),
            };
        }

        var hours = decimal.Floor(ticks / TimeSpan.TicksPerHour);
        var minutes = decimal.Floor(ticks % TimeSpan.TicksPerHour / TimeSpan.TicksPerMinute);
        if (hours > 0)
        {
            text.Append(Plain(hours)).Append('h');
        }

        if (hours > 0 || minutes > 0)
        {
            text.Append(Plain(minutes)).Append('m');
        }

        return text.Append(Plain(ticks % TimeSpan.TicksPerMinute / TimeSpan.TicksPerSecond)).Append('s').ToString();
    }

    private static string Plain(decimal amount) => amount.ToString("0.#########", CultureInfo.InvariantCulture);

    private static decimal? TicksOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 0.01m,
        "us" or "µs" or "μs" => 10m,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        _ => null,
    };
}
