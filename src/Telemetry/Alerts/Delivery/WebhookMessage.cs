using System.Globalization;
using System.Text.Json;
using Slipway.Telemetry.Alerts.Keeping;

namespace Slipway.Telemetry.Alerts.Delivery;

/// <summary>Alertmanager's webhook message, version 4.</summary>
internal static class WebhookMessage
{
    /// <param name="alertsMax">Zero stands for all.</param>
    public static byte[] Of(Notice notice, int alertsMax)
    {
        var all = notice.Firing.Select(alert => (alert, "firing")).Concat(notice.Resolved.Select(alert => (alert, "resolved"))).ToList();
        var shown = alertsMax > 0 && alertsMax < all.Count ? all[..alertsMax] : all;
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("version", "4");
            writer.WriteString("groupKey", notice.GroupKey);
            writer.WriteNumber("truncatedAlerts", all.Count - shown.Count);
            writer.WriteString("status", notice.Status);
            writer.WriteString("receiver", notice.Receiver);
            Map(writer, "groupLabels", notice.GroupLabels);
            Map(writer, "commonLabels", notice.CommonLabels());
            Map(writer, "commonAnnotations", notice.CommonAnnotations());
            writer.WriteString("externalURL", "");
            writer.WriteStartArray("alerts");
            foreach (var (alert, status) in shown)
            {
                writer.WriteStartObject();
                writer.WriteString("status", status);
                Map(writer, "labels", alert.Labels);
                Map(writer, "annotations", alert.Annotations);
                writer.WriteString("startsAt", Time(alert.StartsAt));
                writer.WriteString("endsAt", status == "resolved" && alert.EndsAt is { } end ? Time(end) : "0001-01-01T00:00:00Z");
                writer.WriteString("generatorURL", alert.GeneratorUrl);
                writer.WriteString("fingerprint", alert.ToAlert().Fingerprint);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static void Map(Utf8JsonWriter writer, string name, SortedDictionary<string, string> map)
    {
        writer.WriteStartObject(name);
        foreach (var (key, value) in map)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }
}
