using System.Globalization;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Telemetry;

/// <summary>Lengths of time as people type and read them: <c>500ms</c>, <c>90s</c>, <c>15m</c>, <c>2h</c>, <c>7d</c>.</summary>
internal static class TimeWords
{
    private static readonly (string Unit, double Seconds)[] s_units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400), ("w", 604_800)];

    /// <param name="option">Named in the refusal.</param>
    public static TimeSpan Parse(string option, string text)
    {
        var digits = text.TakeWhile(character => char.IsAsciiDigit(character) || character == '.').Count();
        var unit = Array.FindIndex(s_units, unit => unit.Unit == text[digits..]);
        return unit >= 0 && double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number > 0 && number * s_units[unit].Seconds < 3_153_600_000
            ? TimeSpan.FromSeconds(number * s_units[unit].Seconds)
            : throw new CliFailure($"{option}: write a time such as 500ms, 90s, 15m, 2h or 7d, not \"{text}\".", ExitCodes.Usage);
    }

    public static string OfMilliseconds(double milliseconds) => milliseconds switch
    {
        < 0.01 => "0 ms",
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.##} ms"),
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.#} ms"),
        < 60_000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000:0.##} s"),
        _ => Of(TimeSpan.FromMilliseconds(milliseconds)),
    };

    public static string Of(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0}s"),
        { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0}m"),
        { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0}h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0}d"),
    };

    public static string UnixSeconds(DateTimeOffset at) => (at.ToUnixTimeMilliseconds() / 1000.0).ToString("0.000", CultureInfo.InvariantCulture);

    public static string UnixNanoseconds(DateTimeOffset at) => ((at - DateTimeOffset.UnixEpoch).Ticks * 100).ToString(CultureInfo.InvariantCulture);
}
