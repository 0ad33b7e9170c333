using System.Globalization;

namespace Slipway.Model.Values;

/// <summary>Durations as Prometheus writes them: <c>5m</c>, <c>1h30m</c>, <c>1d</c>, <c>0</c>. Units from large to small, each once.</summary>
public static class PrometheusDuration
{
    public const string Phrase = "must be a duration such as 30s, 5m, 1h30m or 1d";

    private static readonly (string Unit, long Milliseconds)[] s_units =
    [
        ("y", 365L * 86_400_000), ("w", 7L * 86_400_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ];

    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        if (text == "0")
        {
            return true;
        }

        var rest = text.AsSpan();
        var largest = 0;
        long sum = 0;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits is <= 0 or > 12)
            {
                return false;
            }

            var amount = long.Parse(rest[..digits], CultureInfo.InvariantCulture);
            rest = rest[digits..];
            var letters = rest.IndexOfAnyInRange('0', '9');
            var unit = letters < 0 ? rest : rest[..letters];
            var index = largest;
            while (index < s_units.Length && !unit.SequenceEqual(s_units[index].Unit))
            {
                index++;
            }

            if (index == s_units.Length || amount > long.MaxValue / TimeSpan.TicksPerMillisecond / 2 / s_units[index].Milliseconds)
            {
                return false;
            }

            sum += amount * s_units[index].Milliseconds;
            if (sum > long.MaxValue / TimeSpan.TicksPerMillisecond / 2)
            {
                return false;
            }

            rest = rest[unit.Length..];
            largest = index + 1;
        }

        duration = TimeSpan.FromMilliseconds(sum);
        return true;
    }

    /// <summary>The duration of a text that was checked before; nothing stands for <paramref name="otherwise"/>.</summary>
    public static TimeSpan Parse(string? text, string otherwise) =>
        TryParse(string.IsNullOrEmpty(text) ? otherwise : text, out var duration)
            ? duration
            : throw new FormatException($"\"{text}\" {Phrase}");

    public static string Format(TimeSpan duration)
    {
        var left = (long)duration.TotalMilliseconds;
        if (left == 0)
        {
            return "0s";
        }

        var text = new System.Text.StringBuilder();
        foreach (var (unit, milliseconds) in s_units)
        {
            // Weeks and years are written only where nothing is left over, as people do.
            var whole = left / milliseconds;
            if (whole > 0 && (milliseconds < 7L * 86_400_000 || left % milliseconds == 0))
            {
                text.Append(CultureInfo.InvariantCulture, $"{whole}{unit}");
                left %= milliseconds;
            }
        }

        return text.ToString();
    }
}
