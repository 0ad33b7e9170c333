using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Telemetry;

/// <summary>A kept line for people: when, how grave, who, and the message of lines that are JSON objects.</summary>
internal static class LineText
{
    private static readonly string[] s_messages = ["message", "msg", "Message", "error.message"];

    public static string Of(KeptLine line, TerminalWriter console)
    {
        var level = line.Level switch
        {
            "error" or "critical" => console.Red(line.Level.PadRight(8)),
            "warning" => console.Yellow(line.Level.PadRight(8)),
            "unknown" => "".PadRight(8),
            _ => line.Level.PadRight(8),
        };
        var who = line.Instance.Length > 0 ? line.Instance : line.Service;
        return $"{console.Dim(line.At.ToLocalTime().ToString("MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture))} {level} {console.Dim(who)}  {Message(line)}";
    }

    public static string Json(KeptLine line) => new JsonObject
    {
        ["at"] = line.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        ["service"] = line.Service,
        ["instance"] = line.Instance,
        ["stream"] = line.Stream,
        ["level"] = line.Level,
        ["line"] = line.Text,
    }.ToJsonString();

    internal static string Message(KeptLine line)
    {
        if (!line.Text.StartsWith('{'))
        {
            return line.Text;
        }

        try
        {
            if (JsonNode.Parse(line.Text) is not JsonObject said)
            {
                return line.Text;
            }

            if (line.Stream == "access")
            {
                return $"{said["http.request.method"]} {said["server.address"]}{said["url.path"]} {said["http.response.status_code"]} in {said["duration_ms"]} ms";
            }

            return s_messages.Select(name => said[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null).FirstOrDefault(text => text is { Length: > 0 }) is { } message
                ? said["error.type"] is JsonValue error && said["error.message"] is JsonValue detail ? $"{message} ({error}: {detail})" : message
                : line.Text;
        }
        catch (JsonException)
        {
            return line.Text;
        }
    }
}
