using Slipway.Telemetry.Alerts.Keeping;
using Slipway.Telemetry.Alerts.Templates;

namespace Slipway.Telemetry.Alerts.Delivery;

/// <summary>The words of messages: what a receiver's templates say, or our own where there are none or they cannot be filled in.</summary>
internal static class MessageText
{
    public const string Title = "[{{ .Status | toUpper }}{{ if eq .Status \"firing\" }}:{{ .Alerts.Firing | len }}{{ end }}] {{ if .CommonLabels.alertname }}{{ .CommonLabels.alertname }}{{ else }}{{ .Alerts | len }} alerts{{ end }}{{ if .CommonLabels.service }} {{ .CommonLabels.service }}{{ end }}";

    public const string Body =
        """
        {{ range .Alerts }}{{ if eq .Status "resolved" }}Over: {{ end }}{{ if .Annotations.summary }}{{ .Annotations.summary }}{{ else }}{{ .Labels.alertname }}{{ end }}{{ if .Annotations.description }}
        {{ .Annotations.description }}{{ end }}
        Labels: {{ range .Labels.SortedPairs }}{{ .Name }}={{ .Value }} {{ end }}
        Since: {{ .StartsAt }}{{ if .Annotations.runbook_url }}
        Runbook: {{ .Annotations.runbook_url }}{{ end }}

        {{ end }}
        """;

    public static string Of(string? asked, string standard, Notice notice)
    {
        var data = Data(notice);
        if (!string.IsNullOrEmpty(asked))
        {
            try
            {
                return Template.Parse(asked).Fill(data);
            }
            catch (TemplateException)
            {
                // A message in other words is better than none; the resource's status names the mistake.
            }
        }

        return standard.Length == 0 ? "" : Template.Parse(standard).Fill(data);
    }

    private static Dictionary<string, object?> Data(Notice notice) => new(StringComparer.Ordinal)
    {
        ["Receiver"] = notice.Receiver,
        ["Status"] = notice.Status,
        ["Alerts"] = (IReadOnlyList<object?>)[.. notice.Firing.Select(alert => Alert(alert, "firing")), .. notice.Resolved.Select(alert => Alert(alert, "resolved"))],
        ["GroupLabels"] = Map(notice.GroupLabels),
        ["CommonLabels"] = Map(notice.CommonLabels()),
        ["CommonAnnotations"] = Map(notice.CommonAnnotations()),
        ["ExternalURL"] = "",
    };

    private static Dictionary<string, object?> Alert(KeptAlert alert, string status) => new(StringComparer.Ordinal)
    {
        ["Status"] = status,
        ["Labels"] = Map(alert.Labels),
        ["Annotations"] = Map(alert.Annotations),
        ["StartsAt"] = WebhookMessage.Time(alert.StartsAt),
        ["EndsAt"] = alert.EndsAt is { } end ? WebhookMessage.Time(end) : "",
        ["GeneratorURL"] = alert.GeneratorUrl,
        ["Fingerprint"] = alert.ToAlert().Fingerprint,
    };

    private static Dictionary<string, object?> Map(SortedDictionary<string, string> map) =>
        map.ToDictionary(entry => entry.Key, entry => (object?)entry.Value, StringComparer.Ordinal);
}
