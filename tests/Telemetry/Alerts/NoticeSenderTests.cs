using Slipway.Model.Monitoring;
using Slipway.Telemetry.Alerts.Delivery;
using Slipway.Telemetry.Alerts.Keeping;
using Slipway.Telemetry.Alerts.Routing;

namespace Slipway.Telemetry.Tests.Alerts;

public sealed class NoticeSenderTests : IDisposable
{
    private static readonly DateTimeOffset s_noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _spool = Path.Combine(Path.GetTempPath(), $"slipway-mail-{Guid.NewGuid():n}");
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    public void Dispose()
    {
        _http.Dispose();
        if (Directory.Exists(_spool))
        {
            Directory.Delete(_spool, recursive: true);
        }
    }

    [Fact]
    public async Task A_webhook_gets_Alertmanagers_fourth_version()
    {
        await using var listener = await Listener.StartAsync();
        var spec = new WebhookReceiverSpec { Url = $"{listener.Address}hook", HttpConfig = new HttpSpec { Authorization = new AuthorizationSpec { Credentials = Secret("token") } } };

        Assert.Null((await SendAsync(spec, Notice(true))).Error);

        var (path, authorization, body) = Assert.Single(listener.Heard);
        Assert.Equal(("/hook", "Bearer value of token"), (path, authorization));
        Assert.Equal(("4", "firing", "default/people/ear", "key"), ((string?)body["version"], (string?)body["status"], (string?)body["receiver"], (string?)body["groupKey"]));
        Assert.Equal("Down", (string?)body["groupLabels"]!["alertname"]);
        Assert.Equal(["alertname", "severity"], body["commonLabels"]!.AsObject().Select(label => label.Key));
        Assert.Equal(0, (int)body["truncatedAlerts"]!);
        var alerts = body["alerts"]!.AsArray();
        Assert.Equal(["firing", "resolved"], alerts.Select(alert => (string?)alert!["status"]));
        Assert.Equal("0001-01-01T00:00:00Z", (string?)alerts[0]!["endsAt"]);
        Assert.Equal("2030-01-01T12:05:00.000Z", (string?)alerts[1]!["endsAt"]);
        Assert.Equal(16, ((string?)alerts[0]!["fingerprint"])!.Length);
    }

    [Fact]
    public async Task A_webhook_gets_no_more_alerts_than_it_wants()
    {
        await using var listener = await Listener.StartAsync();

        await SendAsync(new WebhookReceiverSpec { UrlSecret = Secret($"{listener.Address}x"), MaxAlerts = 1 }, Notice(true), (_, name, _) => name);

        var body = Assert.Single(listener.Heard).Body;
        Assert.Equal((1, 1), (body["alerts"]!.AsArray().Count, (int)body["truncatedAlerts"]!));
    }

    [Fact]
    public async Task Slack_gets_an_attachment_in_the_words_of_the_receiver_or_ours()
    {
        await using var listener = await Listener.StartAsync();
        var spec = new SlackReceiverSpec { ApiURL = Secret($"{listener.Address}slack"), Channel = "#ops", Pretext = "{{ .CommonLabels.severity }}: {{ range .Alerts.Firing }}{{ .Labels.service }}{{ end }}", Text = "{{ broken" };

        Assert.Null((await SendAsync(spec, Notice(true), (_, name, _) => name)).Error);
        await SendAsync(spec, Notice(false), (_, name, _) => name);

        var messages = listener.Heard.Select(heard => heard.Body).ToList();
        var attachment = messages[0]["attachments"]![0]!;
        Assert.Equal(("#ops", "danger", "critical: cart"), ((string?)messages[0]["channel"], (string?)attachment["color"], (string?)attachment["pretext"]));
        Assert.Equal("[FIRING:1] Down", (string?)attachment["title"]);
        Assert.Contains("cart is down", (string?)attachment["text"], StringComparison.Ordinal);
        Assert.Equal("good", (string?)messages[1]["attachments"]![0]!["color"]);
    }

    [Fact]
    public async Task PagerDuty_gets_a_trigger_and_a_resolve_with_one_key()
    {
        await using var listener = await Listener.StartAsync();
        var spec = new PagerDutyReceiverSpec { RoutingKey = Secret("routing"), Url = listener.Address.ToString(), Details = [new NamedTextSpec { Key = "who", Value = "{{ .GroupLabels.alertname }}" }] };

        await SendAsync(spec, Notice(true));
        await SendAsync(spec, Notice(false));

        var events = listener.Heard.Select(heard => heard.Body).ToList();
        Assert.Equal(["trigger", "resolve"], events.Select(one => (string?)one["event_action"]));
        Assert.Equal((string?)events[0]["dedup_key"], (string?)events[1]["dedup_key"]);
        Assert.Equal("value of routing", (string?)events[0]["routing_key"]);
        Assert.Equal(("critical", "Down"), ((string?)events[0]["payload"]!["severity"], (string?)events[0]["payload"]!["custom_details"]!["who"]));
        Assert.Null(events[1]["payload"]);
    }

    [Fact]
    public async Task A_mail_goes_through_the_receivers_server_or_into_the_folder()
    {
        await using var smtp = new SmtpListener();
        var spec = new EmailReceiverSpec { To = "ada@example.org, ben@example.org", From = "slipway@example.org", Smarthost = $"127.0.0.1:{smtp.Port}", RequireTLS = false, Headers = [new NamedTextSpec { Key = "X-Alert", Value = "{{ .Status }}" }] };

        Assert.Null((await SendAsync(spec, Notice(true))).Error);
        var mail = Assert.Single(smtp.Mails);
        Assert.Contains("[FIRING:1] Down", mail, StringComparison.Ordinal);
        Assert.Contains("X-Alert: firing", mail, StringComparison.Ordinal);
        Assert.Contains("ben@example.org", mail, StringComparison.Ordinal);

        for (var index = 0; index < 5; index++)
        {
            Assert.Null((await SendAsync(spec with { Smarthost = null }, Notice(true) with { Id = $"00{index}" })).Error);
        }

        var kept = Directory.GetFiles(_spool).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(["002-way-0.eml", "003-way-0.eml", "004-way-0.eml"], kept.Select(Path.GetFileName));
        Assert.Contains("Subject: [FIRING:1] Down", await File.ReadAllTextAsync(kept[0], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_goes_wrong_is_told_without_telling_secrets()
    {
        await using var listener = await Listener.StartAsync();
        listener.Status = () => 503;
        Assert.Equal("HTTP 503 go away", (await SendAsync(new WebhookReceiverSpec { Url = listener.Address.ToString() }, Notice(true))).Error);
        Assert.Contains("Secret \"default/hook\" has no key \"key\"", (await SendAsync(new SlackReceiverSpec { ApiURL = Secret("hook") }, Notice(true), (_, _, _) => null)).Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", (await SendAsync(new SlackReceiverSpec { ApiURL = Secret("hook") }, Notice(true), (_, _, _) => "hush hush")).Error, StringComparison.Ordinal);
        var nobody = listener.Address;
        await listener.DisposeAsync();
        Assert.NotNull((await SendAsync(new WebhookReceiverSpec { Url = nobody.ToString() }, Notice(true))).Error);
    }

    private static SecretValueSpec Secret(string name) => new() { Name = name, Key = "key" };

    private Task<SendResult> SendAsync(object spec, Notice notice, SecretReader? secrets = null) =>
        new NoticeSender(_http, secrets ?? ((_, name, _) => $"value of {name}"), new MailPost(_spool, 3))
            .SendAsync(new Way("default/people/ear", "way/0", "default", true, spec), notice, TestContext.Current.CancellationToken);

    private static Notice Notice(bool firing)
    {
        var cart = new KeptAlert { Labels = Map("cart"), Annotations = new SortedDictionary<string, string> { ["summary"] = "cart is down" }, StartsAt = s_noon };
        var shop = new KeptAlert { Labels = Map("shop"), StartsAt = s_noon, EndsAt = s_noon.AddMinutes(5) };
        return new Notice
        {
            Receiver = "default/people/ear",
            Way = "way/0",
            GroupKey = "key",
            CreatedAt = s_noon,
            GroupLabels = new SortedDictionary<string, string> { ["alertname"] = "Down" },
            Firing = firing ? [cart] : [],
            Resolved = [shop],
        };

        static SortedDictionary<string, string> Map(string service) => new() { ["alertname"] = "Down", ["service"] = service, ["severity"] = "critical" };
    }
}
