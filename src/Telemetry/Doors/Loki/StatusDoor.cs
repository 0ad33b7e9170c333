using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Slipway.Telemetry.Doors.Loki;

/// <summary>What programs ask before they ask anything else.</summary>
internal static class StatusDoor
{
    /// <summary>The version of Loki whose answers these are; programs choose by it what they may ask.</summary>
    private const string Version = "2.9.0";

    public static Task ReadyAsync(HttpContext context) => LokiAnswers.TextAsync(context, StatusCodes.Status200OK, "ready");

    public static async Task BuildInfoAsync(HttpContext context)
    {
        await using var json = LokiAnswers.Json(context);
        json.WriteStartObject();
        json.WriteString("version", Version);
        json.WriteString("revision", "slipway");
        json.WriteString("branch", "slipway");
        json.WriteString("buildUser", "");
        json.WriteString("buildDate", "");
        json.WriteString("goVersion", "");
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }
}
