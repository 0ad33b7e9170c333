using System.Text.Json.Nodes;
using Slipway.Model.Resources;

namespace Slipway.Api.CloudRunJobs;

/// <summary>Conditions and instants as this dialect writes them.</summary>
internal static class Conditions
{
    public static JsonObject Of(string type, string status, DateTimeOffset? since, string reason = "", string message = "", string severity = "")
    {
        var condition = new JsonObject { ["type"] = type, ["status"] = status };
        Set(condition, "severity", severity);
        Set(condition, "reason", reason);
        Set(condition, "message", message);
        Set(condition, "lastTransitionTime", Instant(since));
        return condition;
    }

    public static string Instant(DateTimeOffset? at) =>
        at?.UtcDateTime.ToString(TimestampConverter.Format, System.Globalization.CultureInfo.InvariantCulture) ?? "";

    public static void Set(JsonObject parent, string field, string text)
    {
        if (text.Length > 0)
        {
            parent[field] = text;
        }
    }
}
