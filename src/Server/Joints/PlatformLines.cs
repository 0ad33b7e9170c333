using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs;

namespace Slipway.Server.Joints;

/// <summary>How lines of the platform itself are kept: the server's own, and the gateway's, which belong to the service that was asked.</summary>
internal static class PlatformLines
{
    public const string Namespace = "slipway-system";

    private static readonly LabelSet s_server = LabelSet.Of(("namespace", Namespace), ("service", "slipwayd"), ("stream", "server"));
    private static readonly LabelSet s_gateway = LabelSet.Of(("stream", "access"));

    public static LogRecord OfServer(string line, DateTimeOffset readAt)
    {
        var said = Parse(line);
        var level = Text(said, "level") switch
        {
            "Trace" => "trace",
            "Debug" => "debug",
            "Information" => "info",
            "Warning" => "warning",
            "Error" => "error",
            "Critical" => "critical",
            _ => "unknown",
        };
        return new LogRecord(s_server.With("level", level), Nanoseconds(said, readAt), line);
    }

    /// <summary>A line of the gateway has no level of its own; its status says how grave it is.</summary>
    public static LogRecord OfGateway(string line, DateTimeOffset readAt)
    {
        var said = Parse(line);
        var level = (int?)Number(said, "http.response.status_code") switch
        {
            >= 500 => "error",
            >= 400 => "warning",
            null => "unknown",
            _ => "info",
        };
        var service = Text(said, "service.name");
        var labels = s_gateway
            .With("level", level)
            .With("namespace", Text(said, "service.namespace") ?? (service is null ? Namespace : "default"))
            .With("service", service ?? "slipway-gateway")
            .With("revision", Text(said, "service.revision") ?? "")
            .With("instance", Text(said, "instance.id") ?? "");
        return new LogRecord(labels, Nanoseconds(said, readAt), line, Text(said, "trace_id") is { Length: 32 } trace ? trace : null);
    }

    private static JsonObject? Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            // Torn by a crash; it is kept as it is.
            return null;
        }
    }

    private static string? Text(JsonObject? said, string name) =>
        said?[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    private static double? Number(JsonObject? said, string name) => said?[name] is JsonValue value && value.TryGetValue<double>(out var number) ? number : null;

    private static long Nanoseconds(JsonObject? said, DateTimeOffset readAt) =>
        ((DateTimeOffset.TryParse(Text(said, "timestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : readAt) - DateTimeOffset.UnixEpoch).Ticks * 100;
}
