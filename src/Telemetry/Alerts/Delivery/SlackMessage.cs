using System.Text.Json;
using Slipway.Model.Monitoring;

namespace Slipway.Telemetry.Alerts.Delivery;

/// <summary>A message as Slack's incoming webhooks take it, and what is built like them.</summary>
internal static class SlackMessage
{
    private const int TextMax = 12_000;

    public static byte[] Of(SlackReceiverSpec spec, Notice notice)
    {
        var title = MessageText.Of(spec.Title, MessageText.Title, notice);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            Optional(writer, "channel", spec.Channel);
            Optional(writer, "username", spec.Username);
            Optional(writer, "icon_emoji", spec.IconEmoji);
            writer.WriteStartArray("attachments");
            writer.WriteStartObject();
            writer.WriteString("color", MessageText.Of(spec.Color, "{{ if eq .Status \"firing\" }}danger{{ else }}good{{ end }}", notice));
            writer.WriteString("title", title);
            Optional(writer, "title_link", MessageText.Of(spec.TitleLink, "", notice));
            Optional(writer, "pretext", MessageText.Of(spec.Pretext, "", notice));
            var text = MessageText.Of(spec.Text, MessageText.Body, notice).TrimEnd();
            writer.WriteString("text", text.Length <= TextMax ? text : text[..TextMax] + " …");
            writer.WriteString("fallback", MessageText.Of(spec.Fallback, MessageText.Title, notice));
            writer.WriteStartArray("mrkdwn_in");
            writer.WriteStringValue("text");
            writer.WriteStringValue("pretext");
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void Optional(Utf8JsonWriter writer, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            writer.WriteString(name, value);
        }
    }
}
