using System.Text;

namespace Slipway.Sdk.Telemetry;

/// <summary>Names of instruments as Prometheus spells them.</summary>
internal static class MetricNames
{
    /// <summary>http.server.request.duration in s → http_server_request_duration_seconds. Without the suffix of its kind.</summary>
    public static string Metric(string name, string? unit)
    {
        var plain = Label(name);
        var suffix = unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            "%" => "_percent",
            "1" or null or "" => "",
            _ when unit.StartsWith('{') => "",
            _ => "_" + Label(unit),
        };
        return plain.EndsWith(suffix, StringComparison.Ordinal) ? plain : plain + suffix;
    }

    public static string Label(string name)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (var character in name)
        {
            text.Append(char.IsAsciiLetterOrDigit(character) ? character : '_');
        }

        if (text.Length == 0 || char.IsAsciiDigit(text[0]))
        {
            text.Insert(0, '_');
        }

        return text.ToString();
    }
}
