using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Slipway.Model.Monitoring;

namespace Slipway.Telemetry.Alerts.Delivery;

/// <summary>An event of PagerDuty's Events API v2. One group is one incident: its key is made of the group's.</summary>
internal static class PagerDutyMessage
{
    private const int SummaryMax = 1024;

    private static readonly string[] s_severities = ["critical", "error", "warning", "info"];

    public static byte[] Of(PagerDutyReceiverSpec spec, string routingKey, Notice notice)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("routing_key", routingKey.Trim());
            writer.WriteString("event_action", notice.IsFiring ? "trigger" : "resolve");
            writer.WriteString("dedup_key", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(notice.GroupKey))));
            writer.WriteString("client", MessageText.Of(spec.Client, "Slipway", notice));
            Optional(writer, "client_url", MessageText.Of(spec.ClientURL, "", notice));
            if (notice.IsFiring)
            {
                Payload(writer, spec, notice);
            }

            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void Payload(Utf8JsonWriter writer, PagerDutyReceiverSpec spec, Notice notice)
    {
        var summary = MessageText.Of(spec.Description, MessageText.Title, notice);
        var severity = MessageText.Of(spec.Severity, "{{ .CommonLabels.severity }}", notice);
        writer.WriteStartObject("payload");
        writer.WriteString("summary", summary.Length <= SummaryMax ? summary : summary[..SummaryMax]);
        writer.WriteString("source", notice.CommonLabels().GetValueOrDefault("service") ?? "slipway");
        writer.WriteString("severity", s_severities.Contains(severity) ? severity : "error");
        writer.WriteString("timestamp", WebhookMessage.Time(notice.Firing.Min(alert => alert.StartsAt)));
        Optional(writer, "class", MessageText.Of(spec.Class, "", notice));
        Optional(writer, "component", MessageText.Of(spec.Component, "", notice));
        Optional(writer, "group", MessageText.Of(spec.Group, "", notice));
        writer.WriteStartObject("custom_details");
        writer.WriteString("firing", MessageText.Of(null, MessageText.Body, notice).TrimEnd());
        writer.WriteString("num_firing", $"{notice.Firing.Count}");
        writer.WriteString("num_resolved", $"{notice.Resolved.Count}");
        foreach (var detail in spec.Details ?? [])
        {
            writer.WriteString(detail.Key, MessageText.Of(detail.Value, "", notice));
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Optional(Utf8JsonWriter writer, string name, string value)
    {
        if (value.Length > 0)
        {
            writer.WriteString(name, value);
        }
    }
}
