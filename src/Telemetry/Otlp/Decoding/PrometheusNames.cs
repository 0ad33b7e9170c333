using System.Text;

namespace Slipway.Telemetry.Otlp.Decoding;

/// <summary>Spells names of OpenTelemetry as Prometheus does: <c>http.server.request.duration</c> in <c>s</c> becomes <c>http_server_request_duration_seconds</c>.</summary>
internal static class PrometheusNames
{
    private static readonly Dictionary<string, string> s_units = new(StringComparer.Ordinal)
    {
        ["d"] = "days", ["h"] = "hours", ["min"] = "minutes", ["s"] = "seconds", ["ms"] = "milliseconds", ["us"] = "microseconds", ["ns"] = "nanoseconds",
        ["By"] = "bytes", ["KiBy"] = "kibibytes", ["MiBy"] = "mebibytes", ["GiBy"] = "gibibytes", ["TiBy"] = "tibibytes",
        ["KBy"] = "kilobytes", ["kBy"] = "kilobytes", ["MBy"] = "megabytes", ["GBy"] = "gigabytes", ["TBy"] = "terabytes",
        ["m"] = "meters", ["V"] = "volts", ["A"] = "amperes", ["J"] = "joules", ["W"] = "watts", ["g"] = "grams", ["Cel"] = "celsius", ["Hz"] = "hertz", ["%"] = "percent",
    };

    private static readonly Dictionary<string, string> s_per = new(StringComparer.Ordinal)
    {
        ["s"] = "second", ["m"] = "minute", ["min"] = "minute", ["h"] = "hour", ["d"] = "day", ["w"] = "week", ["mo"] = "month", ["y"] = "year",
    };

    public static string Metric(string name, string unit, bool counter, bool gauge)
    {
        var text = Clean(name, colons: true);
        text = WithSuffix(text, UnitOf(unit, gauge));
        return counter ? WithSuffix(text.EndsWith("_total", StringComparison.Ordinal) ? text[..^6] : text, "total") : text;
    }

    public static string Label(string name)
    {
        var text = Clean(name, colons: false);
        return text.Length > 0 && char.IsAsciiDigit(text[0]) ? "key_" + text : text;
    }

    /// <summary>The word for a unit; empty if it has none. What stands in braces is a remark and no unit.</summary>
    public static string UnitOf(string unit, bool gauge)
    {
        if (unit == "1")
        {
            return gauge ? "ratio" : "";
        }

        var slash = unit.IndexOf('/', StringComparison.Ordinal);
        var main = slash < 0 ? unit : unit[..slash];
        var divisor = slash < 0 ? "" : unit[(slash + 1)..];
        main = main.Contains('{', StringComparison.Ordinal) ? "" : s_units.GetValueOrDefault(main, Clean(main, colons: false));
        divisor = divisor.Length == 0 || divisor.Contains('{', StringComparison.Ordinal) ? "" : "per_" + s_per.GetValueOrDefault(divisor, Clean(divisor, colons: false));
        return main.Length > 0 && divisor.Length > 0 ? $"{main}_{divisor}" : main + divisor;
    }

    private static string WithSuffix(string name, string suffix) =>
        suffix.Length == 0 || name.EndsWith("_" + suffix, StringComparison.Ordinal) ? name : $"{name}_{suffix}";

    private static string Clean(string name, bool colons)
    {
        var text = new StringBuilder(name.Length);
        foreach (var character in name)
        {
            if (char.IsAsciiLetterOrDigit(character) || (colons && character == ':'))
            {
                text.Append(character);
            }
            else if (text.Length == 0 || text[^1] != '_')
            {
                text.Append('_');
            }
        }

        if (colons && text.Length > 0 && char.IsAsciiDigit(text[0]))
        {
            text.Insert(0, '_');
        }

        return text.Length > 1 ? text.ToString().TrimEnd('_') : text.ToString();
    }
}
