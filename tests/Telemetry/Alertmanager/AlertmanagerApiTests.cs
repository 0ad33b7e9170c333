using System.Net;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Slipway.Telemetry.Tests.Alerts;

namespace Slipway.Telemetry.Tests.Alertmanager;

public sealed class AlertmanagerApiTests
{
    private const string Silence = """{"matchers":[{"name":"service","value":"cart","isRegex":false,"isEqual":true}],"startsAt":"2030-01-01T12:00:00Z","endsAt":"2030-01-01T13:00:00Z","createdBy":"ada","comment":"repairs"}""";

    [Fact]
    public async Task An_alert_of_somebody_else_is_kept_told_listed_and_over_when_it_is_not_said_again()
    {
        await using var door = await DoorScene.StartAsync();
        await door.Alerts.RouteAsync();

        var (status, _) = await door.PostAsync("/api/v2/alerts", """[{"labels":{"alertname":"Elsewhere","service":"cart"},"annotations":{"summary":"so"},"generatorURL":"http://prometheus/graph"}]""");
        Assert.Equal(HttpStatusCode.OK, status);
        await door.Alerts.RestartAsync();
        await door.Alerts.PassAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(["ear firing Elsewhere"], door.Alerts.Ear.Words);

        await door.Alerts.PassAsync(TimeSpan.FromMinutes(7));
        Assert.Equal(["ear firing Elsewhere", "ear resolved Elsewhere"], door.Alerts.Ear.Words);
    }

    [Fact]
    public async Task Alerts_are_listed_in_Alertmanagers_words_and_can_be_filtered()
    {
        await using var door = await DoorScene.StartAsync();
        await door.Alerts.RouteAsync(rest: ""","inhibitRules":[{"sourceMatch":[{"name":"alertname","value":"Big"}],"targetMatch":[{"name":"alertname","value":"Small"}],"equal":["service"]}]""");
        await door.PostAsync("/api/v2/alerts", """[{"labels":{"alertname":"Big","service":"cart"}},{"labels":{"alertname":"Small","service":"cart"}},{"labels":{"alertname":"Small","service":"shop"}}]""");
        await door.PostAsync("/api/v2/silences", Silence.Replace("\"cart\"", "\"shop\"", StringComparison.Ordinal));

        var all = (await door.GetAsync("/api/v2/alerts")).AsArray();
        Assert.Equal(3, all.Count);
        var inhibited = all.Single(alert => (string?)alert!["labels"]!["alertname"] == "Small" && (string?)alert["labels"]!["service"] == "cart")!;
        var big = all.Single(alert => (string?)alert!["labels"]!["alertname"] == "Big")!;
        Assert.Equal("suppressed", (string?)inhibited["status"]!["state"]);
        Assert.Equal((string?)big["fingerprint"], (string?)inhibited["status"]!["inhibitedBy"]![0]);
        Assert.Equal("active", (string?)big["status"]!["state"]);
        Assert.Equal("default/people/ear", (string?)big["receivers"]![0]!["name"]);

        Assert.Single((await door.GetAsync("/api/v2/alerts?silenced=false&inhibited=false")).AsArray());
        Assert.Equal(2, (await door.GetAsync("/api/v2/alerts?filter=alertname%3DSmall")).AsArray().Count);
        Assert.Single((await door.GetAsync("/api/v2/alerts?filter=alertname%3DSmall&filter=service%3D~%22ca.t%22")).AsArray());
        Assert.Empty((await door.GetAsync("/api/v2/alerts?receiver=nobody")).AsArray());
        Assert.Equal(HttpStatusCode.BadRequest, (await door.Client.GetAsync("/api/v2/alerts?active=perhaps", AlertScene.Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await door.Client.GetAsync("/api/v2/alerts?filter=x", AlertScene.Cancellation)).StatusCode);

        await door.Alerts.PassAsync(TimeSpan.FromSeconds(15));
        var groups = (await door.GetAsync("/api/v2/alerts/groups")).AsArray();
        Assert.Equal(["Big", "Small"], groups.Select(group => (string?)group!["labels"]!["alertname"]).Order());
        Assert.Equal(["ear firing Big"], door.Alerts.Ear.Words);
    }

    [Fact]
    public async Task A_silence_is_made_keeps_quiet_survives_is_changed_and_ended()
    {
        await using var door = await DoorScene.StartAsync();
        await door.Alerts.RouteAsync();
        var made = await door.PostAsync("/api/v2/silences", Silence);
        var id = (string)JsonNode.Parse(made.Body)!["silenceID"]!;
        await door.PostAsync("/api/v2/alerts", """[{"labels":{"alertname":"Down","service":"cart"},"endsAt":"2030-01-01T14:00:00Z"}]""");

        await door.Alerts.RestartAsync();
        await door.Alerts.PassAsync(TimeSpan.FromMinutes(10));
        Assert.Empty(door.Alerts.Ear.Heard);
        Assert.Equal("active", (string?)(await door.GetAsync($"/api/v2/silence/{id}"))["status"]!["state"]);

        // A longer end keeps the id; other matchers make a new silence and end the old one.
        var longer = JsonNode.Parse(Silence)!;
        (longer["id"], longer["endsAt"]) = (id, "2030-01-01T15:00:00Z");
        Assert.Equal(id, (string)JsonNode.Parse((await door.PostAsync("/api/v2/silences", longer.ToJsonString())).Body)!["silenceID"]!);
        var other = JsonNode.Parse(Silence)!;
        other["id"] = id;
        other["matchers"]![0]!["value"] = "shop";
        Assert.NotEqual(id, (string)JsonNode.Parse((await door.PostAsync("/api/v2/silences", other.ToJsonString())).Body)!["silenceID"]!);
        Assert.Equal("expired", (string?)(await door.GetAsync($"/api/v2/silence/{id}"))["status"]!["state"]);
        Assert.Equal(["active", "expired"], (await door.GetAsync("/api/v2/silences")).AsArray().Select(silence => (string?)silence!["status"]!["state"]));
    }

    [Fact]
    public async Task An_ended_silence_lets_its_alerts_speak_and_an_unknown_one_is_not_found()
    {
        await using var door = await DoorScene.StartAsync();
        await door.Alerts.RouteAsync();
        var id = (string)JsonNode.Parse((await door.PostAsync("/api/v2/silences", Silence)).Body)!["silenceID"]!;
        await door.PostAsync("/api/v2/alerts", """[{"labels":{"alertname":"Down","service":"cart"},"endsAt":"2030-01-01T14:00:00Z"}]""");
        await door.Alerts.PassAsync(TimeSpan.FromMinutes(2));
        using var ended = await door.Client.DeleteAsync($"/api/v2/silence/{id}", AlertScene.Cancellation);
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        await door.Alerts.PassAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(["ear firing Down"], door.Alerts.Ear.Words);
        Assert.Equal(HttpStatusCode.NotFound, (await door.Client.GetAsync("/api/v2/silence/nothing", AlertScene.Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await door.Client.DeleteAsync("/api/v2/silence/nothing", AlertScene.Cancellation)).StatusCode);
    }

    [Theory]
    [InlineData("/api/v2/alerts", "{}", "list")]
    [InlineData("/api/v2/alerts", "[{}]", "[0].labels")]
    [InlineData("/api/v2/alerts", """[{"labels":{"a-b":"c"}}]""", "a-b")]
    [InlineData("/api/v2/alerts", """[{"labels":{"a":"b"},"startsAt":"noon"}]""", "startsAt")]
    [InlineData("/api/v2/alerts", """[{"labels":{"a":"b"},"startsAt":"2030-01-01T12:00:00Z","endsAt":"2030-01-01T11:00:00Z"}]""", "endsAt")]
    [InlineData("/api/v2/alerts", "[", "no JSON")]
    [InlineData("/api/v2/alerts", """[{"labels":{"a":"\ud800"}}]""", "no JSON")]
    [InlineData("/api/v2/silences", """{"\ud800":1}""", "no JSON")]
    [InlineData("/api/v2/silences", "[]", "object")]
    [InlineData("/api/v2/silences", """{"matchers":[]}""", "matchers")]
    [InlineData("/api/v2/silences", """{"matchers":[{"name":"a","value":".*","isRegex":true}],"endsAt":"2030-01-01T13:00:00Z","createdBy":"a","comment":""}""", "empty value")]
    [InlineData("/api/v2/silences", """{"matchers":[{"name":"a","value":"(","isRegex":true}],"endsAt":"2030-01-01T13:00:00Z","createdBy":"a","comment":""}""", "regular expression")]
    [InlineData("/api/v2/silences", """{"matchers":[{"name":"a","value":"b"}],"endsAt":"2030-01-01T11:00:00Z","createdBy":"a","comment":""}""", "endsAt")]
    [InlineData("/api/v2/silences", """{"matchers":[{"name":"a","value":"b"}],"endsAt":"2030-01-01T13:00:00Z","comment":""}""", "createdBy")]
    public async Task What_cannot_be_taken_is_refused_in_words(string path, string body, string words)
    {
        await using var door = await DoorScene.StartAsync();

        var (status, said) = await door.PostAsync(path, body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(words, (string)JsonNode.Parse(said)!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_is_posted_it_is_taken_or_refused_and_nothing_breaks()
    {
        await using var door = await DoorScene.StartAsync();
        var bodies = Gen.Sample(Gen.ArrayOf(Gen.Elements("[", "]", "{", "}", ":", ",", "\"labels\"", "\"matchers\"", "\"a\"", "1", "null", "true", "\"startsAt\"", "\"2030-01-01T12:00:00Z\"", "\"\\ud800\"")).Select(string.Concat), 60);

        foreach (var body in bodies)
        {
            foreach (var path in new[] { "/api/v2/alerts", "/api/v2/silences" })
            {
                Assert.True((await door.PostAsync(path, body)).Status is HttpStatusCode.OK or HttpStatusCode.BadRequest, body);
            }
        }
    }

    [Fact]
    public async Task Status_and_receivers_tell_what_is_configured()
    {
        await using var door = await DoorScene.StartAsync();
        await door.Alerts.RouteAsync(""","routes":[{"receiver":"other","matchers":[{"name":"severity","matchType":"=~","value":"crit.*"}]}]""");

        var status = await door.GetAsync("/api/v2/status");
        Assert.Equal("disabled", (string?)status["cluster"]!["status"]);
        Assert.Contains("receiver: \"default/people/other\"", (string?)status["config"]!["original"], StringComparison.Ordinal);
        Assert.Contains("severity=~\\\"crit.*\\\"", (string?)status["config"]!["original"], StringComparison.Ordinal);
        Assert.Equal(["default/people/ear", "default/people/other"], (await door.GetAsync("/api/v2/receivers")).AsArray().Select(receiver => (string?)receiver!["name"]));
        Assert.Equal("OK", await door.Client.GetStringAsync("/-/healthy", AlertScene.Cancellation));
    }
}
