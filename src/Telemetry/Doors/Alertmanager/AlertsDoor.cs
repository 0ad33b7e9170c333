using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Slipway.Model.Failures;
using Slipway.Telemetry.Alerts;
using Slipway.Telemetry.Alerts.Routing;
using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Doors.Alertmanager;

/// <summary><c>/api/v2/alerts</c> and <c>/api/v2/alerts/groups</c>.</summary>
internal sealed partial class AlertsDoor(AlertEngine engine)
{
    private const int AlertsMax = 1000;

    public async Task ListAsync(HttpContext http)
    {
        var selection = Asked(http);
        if (selection.Failure is { } failure)
        {
            await Replies.RefuseAsync(http, failure);
            return;
        }

        var asked = selection.Value;

        var seen = Seen().Where(asked.Wants).OrderBy(alert => alert.Alert.Fingerprint, StringComparer.Ordinal).ToList();
        await Replies.WriteAsync(http, writer =>
        {
            writer.WriteStartArray();
            foreach (var alert in seen)
            {
                Write(writer, alert);
            }

            writer.WriteEndArray();
        });
    }

    public async Task GroupsAsync(HttpContext http)
    {
        var selection = Asked(http);
        if (selection.Failure is { } failure)
        {
            await Replies.RefuseAsync(http, failure);
            return;
        }

        var asked = selection.Value;

        var seen = Seen().Where(asked.Wants).ToDictionary(alert => alert.Alert.Fingerprint);
        var groups = engine.Dispatcher.Groups
            .Select(group => (group, alerts: group.Members.Keys.Select(seen.GetValueOrDefault).OfType<SeenAlert>().ToList()))
            .Where(one => one.alerts.Count > 0 && asked.Receiver?.IsMatch(one.group.Receiver) != false)
            .OrderBy(one => one.group.Key, StringComparer.Ordinal)
            .ToList();
        await Replies.WriteAsync(http, writer =>
        {
            writer.WriteStartArray();
            foreach (var (group, alerts) in groups)
            {
                writer.WriteStartObject();
                Replies.Map(writer, "labels", group.Labels);
                writer.WriteStartObject("receiver");
                writer.WriteString("name", group.Receiver);
                writer.WriteEndObject();
                writer.WriteStartArray("alerts");
                foreach (var alert in alerts)
                {
                    Write(writer, alert);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    /// <summary>Alerts of others. 200 says that they are on the disk.</summary>
    public async Task PostAsync(HttpContext http)
    {
        using var body = await Replies.ReadAsync(http);
        if (body is null)
        {
            return;
        }

        if (body.RootElement.ValueKind != JsonValueKind.Array || body.RootElement.GetArrayLength() > AlertsMax)
        {
            await Replies.RefuseAsync(http, StatusCodes.Status400BadRequest, $"the body must be a list of at most {AlertsMax} alerts");
            return;
        }

        var now = engine.Time.GetUtcNow();
        var alerts = new List<Alert>();
        foreach (var (item, index) in body.RootElement.EnumerateArray().Select((item, index) => (item, index)))
        {
            var read = Read(item, $"[{index}]", now);
            if (read.Failure is { } failure)
            {
                await Replies.RefuseAsync(http, failure);
                return;
            }

            alerts.Add(read.Value);
        }

        if (engine.Pool.Post(alerts, now) is { } refused)
        {
            await Replies.RefuseAsync(http, StatusCodes.Status503ServiceUnavailable, refused);
            return;
        }

        http.Response.StatusCode = StatusCodes.Status200OK;
    }

    private Outcome<Alert> Read(JsonElement item, string path, DateTimeOffset now)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            return Wrong(path, "must be an object with labels");
        }

        if (Texts(item, "labels") is not { } labels || labels.All(label => label.Value.Length == 0))
        {
            return Wrong($"{path}.labels", "must be an object of texts with at least one label");
        }

        if (labels.Keys.FirstOrDefault(name => !LabelName().IsMatch(name)) is { } odd)
        {
            return Wrong($"{path}.labels", $"\"{odd}\" is no name of a label");
        }

        if (item.TryGetProperty("annotations", out _) && Texts(item, "annotations") is null)
        {
            return Wrong($"{path}.annotations", "must be an object of texts");
        }

        if (!Time(item, "startsAt", out var starts) || !Time(item, "endsAt", out var ends))
        {
            return Wrong(path, "startsAt and endsAt must be RFC 3339 times");
        }

        if (starts is { } first && ends is { } last && last < first)
        {
            return Wrong($"{path}.endsAt", "must not be before startsAt");
        }

        var url = item.TryGetProperty("generatorURL", out var generator) && generator.ValueKind == JsonValueKind.String ? generator.GetString()! : "";
        return new Alert
        {
            Labels = LabelSet.From(labels),
            Annotations = Texts(item, "annotations") ?? [],
            StartsAt = starts ?? (ends < now ? ends.Value : now),

            // Whoever does not say how long is expected to say it again.
            EndsAt = ends ?? now + engine.Settings.ResolveTimeout,
            UpdatedAt = now,
            GeneratorUrl = url,
        };
    }

    private static Failure Wrong(string path, string detail) => new(FailureKind.Malformed, "bad-alert", $"{path}: {detail}");

    private static Dictionary<string, string>? Texts(JsonElement item, string name)
    {
        if (!item.TryGetProperty(name, out var map) || map.ValueKind != JsonValueKind.Object || map.EnumerateObject().Any(entry => entry.Value.ValueKind != JsonValueKind.String))
        {
            return null;
        }

        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in map.EnumerateObject())
        {
            texts[entry.Name] = entry.Value.GetString()!;
        }

        return texts;
    }

    /// <summary>Go's zero time stands for none, since that is what its programs send.</summary>
    private static bool Time(JsonElement item, string name, out DateTimeOffset? time)
    {
        time = null;
        if (!item.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0))
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.String
            || !DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var read))
        {
            return false;
        }

        time = read.Year <= 1 ? null : read;
        return true;
    }

    private List<SeenAlert> Seen()
    {
        var now = engine.Time.GetUtcNow();
        var alerts = engine.Pool.All(now).Values.Where(alert => !alert.IsResolved(now)).ToList();
        return
        [
            .. alerts.Select(alert => new SeenAlert(
                alert,
                [.. engine.Silences.Holding(alert.Labels, now).Select(silence => silence.Id)],
                [.. engine.Dispatcher.InhibitorsOf(alert, alerts).Select(other => other.Fingerprint).Distinct()],
                [.. engine.Dispatcher.Plan.Taking(alert.Labels).Select(route => route.Receiver).Distinct()])),
        ];
    }

    private static Outcome<Selection> Asked(HttpContext http)
    {
        var (active, silenced, inhibited) = (Replies.Flag(http, "active", true), Replies.Flag(http, "silenced", true), Replies.Flag(http, "inhibited", true));
        if (active is null || silenced is null || inhibited is null)
        {
            return Wrong("query", "active, silenced and inhibited are true or false");
        }

        var matchers = new List<LabelMatcher>();
        foreach (var text in http.Request.Query["filter"])
        {
            var matcher = MatcherText.Parse(text ?? "");
            if (matcher.Failure is { } failure)
            {
                return failure;
            }

            matchers.Add(matcher.Value);
        }

        var receiver = http.Request.Query["receiver"].ToString();
        try
        {
            return new Selection(
                active.Value, silenced.Value, inhibited.Value, matchers,
                receiver.Length == 0 ? null : new Regex($"^(?:{receiver})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException)
        {
            return Wrong("receiver", $"is no regular expression that can be used: {refused.Message}");
        }
    }

    private static void Write(Utf8JsonWriter writer, SeenAlert seen)
    {
        var alert = seen.Alert;
        writer.WriteStartObject();
        Replies.Map(writer, "annotations", alert.Annotations);

        // A rule's alert has no end as long as it fires; tools want one, and a few minutes after the last word is what Prometheus sends.
        writer.WriteString("endsAt", Replies.Time(alert.EndsAt ?? alert.UpdatedAt + TimeSpan.FromMinutes(4)));
        writer.WriteString("fingerprint", alert.Fingerprint);
        writer.WriteStartArray("receivers");
        foreach (var receiver in seen.Receivers)
        {
            writer.WriteStartObject();
            writer.WriteString("name", receiver);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("startsAt", Replies.Time(alert.StartsAt));
        writer.WriteStartObject("status");
        List(writer, "inhibitedBy", seen.InhibitedBy);
        List(writer, "silencedBy", seen.SilencedBy);
        List(writer, "mutedBy", []);
        writer.WriteString("state", seen.IsSuppressed ? "suppressed" : "active");
        writer.WriteEndObject();
        writer.WriteString("updatedAt", Replies.Time(alert.UpdatedAt));
        writer.WriteString("generatorURL", alert.GeneratorUrl);
        Replies.Map(writer, "labels", alert.Labels);
        writer.WriteEndObject();
    }

    private static void List(Utf8JsonWriter writer, string name, IReadOnlyList<string> items)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            writer.WriteStringValue(item);
        }

        writer.WriteEndArray();
    }

    [GeneratedRegex(@"^[a-zA-Z_][a-zA-Z0-9_]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelName();

    private sealed record SeenAlert(Alert Alert, IReadOnlyList<string> SilencedBy, IReadOnlyList<string> InhibitedBy, IReadOnlyList<string> Receivers)
    {
        public bool IsSuppressed => SilencedBy.Count > 0 || InhibitedBy.Count > 0;
    }

    private sealed record Selection(bool Active, bool Silenced, bool Inhibited, IReadOnlyList<LabelMatcher> Matchers, Regex? Receiver)
    {
        public bool Wants(SeenAlert seen) =>
            (Active || seen.IsSuppressed)
            && (Silenced || seen.SilencedBy.Count == 0)
            && (Inhibited || seen.InhibitedBy.Count == 0)
            && Matchers.All(matcher => matcher.Accepts(seen.Alert.Labels))
            && (Receiver is null || seen.Receivers.Any(Receiver.IsMatch));
    }
}
