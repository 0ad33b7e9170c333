using System.Globalization;

namespace Slipway.Telemetry.Alerts.Templates;

/// <summary>Numbers for people, worded as Prometheus words them.</summary>
internal static class Humanized
{
    private static readonly string[] s_large = ["", "k", "M", "G", "T", "P", "E", "Z", "Y"];
    private static readonly string[] s_small = ["", "m", "u", "n", "p", "f", "a", "z", "y"];
    private static readonly string[] s_binary = ["", "ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"];

    public static string Number(double value)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return GoNumbers.General(value, 4);
        }

        var (scaled, prefix) = Math.Abs(value) >= 1 ? Down(value, 1000, s_large) : Up(value);
        return GoNumbers.General(scaled, 4) + prefix;
    }

    public static string Binary(double value)
    {
        if (Math.Abs(value) <= 1 || !double.IsFinite(value))
        {
            return GoNumbers.General(value, 4);
        }

        var (scaled, prefix) = Down(value, 1024, s_binary);
        return GoNumbers.General(scaled, 4) + prefix;
    }

    public static string Percentage(double value) => GoNumbers.General(value * 100, 4) + "%";

    public static string Duration(double seconds)
    {
        if (!double.IsFinite(seconds))
        {
            return GoNumbers.General(seconds, 4);
        }

        if (Math.Abs(seconds) < 1)
        {
            var (scaled, prefix) = seconds == 0 ? (0, "") : Up(seconds);
            return $"{GoNumbers.General(scaled, 4)}{prefix}s";
        }

        if (Math.Abs(seconds) < 60)
        {
            return $"{GoNumbers.General(seconds, 4)}s";
        }

        var sign = seconds < 0 ? "-" : "";
        var whole = (long)Math.Min(Math.Abs(seconds), long.MaxValue / 2);
        var (days, hours, minutes, left) = (whole / 86400, whole / 3600 % 24, whole / 60 % 60, whole % 60);
        return days > 0 ? $"{sign}{days}d {hours}h {minutes}m {left}s"
            : hours > 0 ? $"{sign}{hours}h {minutes}m {left}s"
            : $"{sign}{minutes}m {left}s";
    }

    public static string Timestamp(double seconds)
    {
        if (!double.IsFinite(seconds) || Math.Abs(seconds) > 250_000_000_000)
        {
            return GoNumbers.General(seconds, 4);
        }

        var instant = DateTimeOffset.UnixEpoch.AddMilliseconds(Math.Round(seconds * 1000));
        return instant.ToString("yyyy-MM-dd HH:mm:ss.FFF' +0000 UTC'", CultureInfo.InvariantCulture);
    }

    private static (double, string) Down(double value, double step, string[] prefixes)
    {
        var index = 0;
        while (Math.Abs(value) >= step && index < prefixes.Length - 1)
        {
            value /= step;
            index++;
        }

        return (value, prefixes[index]);
    }

    private static (double, string) Up(double value)
    {
        var index = 0;
        while (Math.Abs(value) < 1 && index < s_small.Length - 1)
        {
            value *= 1000;
            index++;
        }

        return (value, s_small[index]);
    }
}
