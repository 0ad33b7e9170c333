using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Slipway.Eventing.Tests.Hosting;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Eventing.Tests.Doors;

public sealed class OperatingTests(TestPostgres postgres) : IAsyncLifetime
{
    private readonly ConcurrentQueue<(string Id, bool Replay)> _received = new();
    private volatile string _refused = "";
    private RunningBus? _bus;

    private RunningBus Bus => _bus!;

    public async ValueTask InitializeAsync()
    {
        _bus = await RunningBus.StartAsync(await CleanDatabase.OfAsync(postgres));
        Bus.Answer = http =>
        {
            var id = http.Request.Headers["ce-id"].ToString();
            if (id == _refused)
            {
                http.Response.StatusCode = 422;
                return Task.CompletedTask;
            }

            _received.Enqueue((id, http.Request.Headers["ce-replay"] == "true"));
            http.Response.StatusCode = 202;
            return Task.CompletedTask;
        };
        await Bus.BrokerAsync("things", """{"slipway.dev/partitions":"1"}""");
        await Bus.TriggerAsync("t", "things");
    }

    [Fact]
    public async Task A_dead_letter_is_listed_retried_and_skipped_with_a_reason()
    {
        _refused = "2";
        foreach (var id in new[] { "1", "2", "3" })
        {
            await Bus.PublishAsync("things", id);
        }

        await Eventually.TrueAsync(async () => await LagAsync("waitingBehind") == 1 && await LagAsync("deadLetters") == 1, "the third waits behind the second");
        var letter = Assert.Single((await Bus.SendAsync(HttpMethod.Get, "/topics/things/dead-letters?trigger=t&key=k&code=422", admin: true)).Body!["items"]!.AsArray())!;
        Assert.Equal(("2", 422, 1), ((string)letter["event"]!["id"]!, (int)letter["code"]!, (int)letter["attempts"]!));
        Assert.Empty((await Bus.SendAsync(HttpMethod.Get, "/topics/things/dead-letters?code=500", admin: true)).Body!["items"]!.AsArray());

        var path = $"/topics/things/dead-letters/{letter["id"]}";
        Assert.Equal(HttpStatusCode.Accepted, (await Bus.SendAsync(HttpMethod.Post, $"{path}/retry", admin: true)).Code);
        await Eventually.TrueAsync(async () => (int?)(await Bus.SendAsync(HttpMethod.Get, "/topics/things/dead-letters", admin: true)).Body!["items"]!.AsArray().FirstOrDefault()?["attempts"] == 2, "it was refused again");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Bus.SendAsync(HttpMethod.Post, $"{path}/skip", "{}", admin: true)).Code);
        Assert.Equal(HttpStatusCode.Accepted, (await Bus.SendAsync(HttpMethod.Post, $"{path}/skip", """{"reason":"test data"}""", admin: true)).Code);
        Assert.Equal(HttpStatusCode.NotFound, (await Bus.SendAsync(HttpMethod.Post, $"{path}/skip", """{"reason":"test data"}""", admin: true)).Code);

        await Eventually.TrueAsync(() => _received.Any(one => one.Id == "3"), "the third has arrived");
        Assert.Equal(["1", "3"], _received.Select(one => one.Id));
        var skipped = (await Bus.SendAsync(HttpMethod.Get, "/topics/things/dead-letters?state=skipped", admin: true)).Body!["items"]![0]!;
        Assert.Equal("test data", (string)skipped["reason"]!);
    }

    [Fact]
    public async Task Many_dead_letters_are_retried_at_once()
    {
        var down = true;
        Bus.Answer = http =>
        {
            http.Response.StatusCode = down ? 403 : 204;
            if (!down)
            {
                _received.Enqueue((http.Request.Headers["ce-id"].ToString(), false));
            }

            return Task.CompletedTask;
        };
        foreach (var number in Enumerable.Range(0, 12))
        {
            await Bus.PublishAsync("things", $"{number}", $"key-{number % 4}");
        }

        await Eventually.TrueAsync(async () => await LagAsync("deadLetters") == 4 && await LagAsync("waitingBehind") == 8, "every key is held");
        down = false;
        var (code, body) = await Bus.SendAsync(HttpMethod.Post, "/topics/things/dead-letters/retry", """{"trigger":"t"}""", admin: true);
        await Eventually.TrueAsync(() => _received.Count == 12, "all have arrived");

        Assert.Equal((HttpStatusCode.Accepted, 4), (code, (int)body!["keys"]!));
        foreach (var key in _received.Select(one => int.Parse(one.Id, System.Globalization.CultureInfo.InvariantCulture)).GroupBy(number => number % 4))
        {
            Assert.Equal(key.Order(), key);
        }
    }

    [Fact]
    public async Task A_replay_sends_again_and_marks_it()
    {
        foreach (var id in new[] { "1", "2", "3" })
        {
            await Bus.PublishAsync("things", id);
        }

        await Eventually.TrueAsync(() => _received.Count == 3, "all have arrived");
        var (code, body) = await Bus.SendAsync(HttpMethod.Post, "/topics/things/replay", """{"trigger":"t","fromOffset":1}""", admin: true);
        await Eventually.TrueAsync(() => _received.Count == 5, "two have arrived again");

        Assert.Equal(HttpStatusCode.Accepted, code);
        Assert.Equal((1, 3), ((int)body!["partitions"]![0]!["from"]!, (int)body["partitions"]![0]!["until"]!));
        Assert.Equal([("2", true), ("3", true)], _received.Skip(3));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Bus.SendAsync(HttpMethod.Post, "/topics/things/replay", """{"trigger":"other"}""", admin: true)).Code);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Bus.SendAsync(HttpMethod.Post, "/topics/things/replay", """{"trigger":"t","from":1}""", admin: true)).Code);
        Assert.Equal(HttpStatusCode.Accepted, (await Bus.SendAsync(HttpMethod.Post, "/topics/things/replay", """{"trigger":"t","fromTime":"2020-01-01T00:00:00Z"}""", admin: true)).Code);
        await Eventually.TrueAsync(() => _received.Count == 8, "all have arrived again");
    }

    [Fact]
    public async Task A_paused_Trigger_lags_and_catches_up()
    {
        await AnnotateAsync("true");
        await Eventually.TrueAsync(() => Bus.Status(Kinds.Trigger, "t").Contains("\"reason\":\"Paused\"", StringComparison.Ordinal), "it is paused");
        await Bus.PublishAsync("things", "1");
        await Eventually.TrueAsync(async () => await LagAsync("lag") == 1, "one waits");
        Assert.Empty(_received);

        await AnnotateAsync("false");
        await Eventually.TrueAsync(() => _received.Count == 1, "it has arrived");
        await Eventually.TrueAsync(async () => await LagAsync("lag") == 0, "nothing waits");
    }

    [Fact]
    public async Task Statuses_say_what_is_missing()
    {
        await Bus.ApplyAsync(Kinds.Trigger, """{"metadata":{"name":"lost"},"spec":{"broker":"nothing","subscriber":{"uri":"http://127.0.0.1:1/"}}}""");
        await Bus.ApplyAsync(Kinds.Trigger, """{"metadata":{"name":"alone"},"spec":{"broker":"things","subscriber":{"ref":{"apiVersion":"serving.knative.dev/v1","kind":"Service","name":"ghost"}}}}""");

        await Eventually.TrueAsync(() => Bus.Status(Kinds.Trigger, "lost").Contains("BrokerNotFound", StringComparison.Ordinal), "the missing Broker is told");
        await Eventually.TrueAsync(() => Bus.Status(Kinds.Trigger, "alone").Contains("SubscriberNotFound", StringComparison.Ordinal), "the missing Service is told");
        Assert.Contains("\"url\":\"http://127.0.0.1:4000/default/things\"", Bus.Status(Kinds.Broker, "things"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Looking_into_topics_needs_the_admin()
    {
        foreach (var path in new[] { "/topics", "/topics/things", "/topics/things/events", "/topics/things/lag", "/topics/things/dead-letters" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await Bus.SendAsync(HttpMethod.Get, path)).Code);
            Assert.Equal(HttpStatusCode.OK, (await Bus.SendAsync(HttpMethod.Get, path, admin: true)).Code);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await Bus.SendAsync(HttpMethod.Get, "/topics/ghost", admin: true)).Code);
        Assert.Equal(HttpStatusCode.BadRequest, (await Bus.SendAsync(HttpMethod.Get, "/topics/things/events?offset=-1", admin: true)).Code);
    }

    [Fact]
    public async Task A_Broker_that_is_deleted_takes_its_events_with_it()
    {
        await Bus.PublishAsync("things", "1");
        await Bus.Store.DeleteAsync(new ResourceKey(Kinds.Broker, "default", "things"), DeleteOptions.Default, default);
        await Eventually.TrueAsync(async () => (await Bus.PublishAsync("things", "2")).Code == HttpStatusCode.NotFound, "the topic is gone");

        await Bus.BrokerAsync("things", """{"slipway.dev/partitions":"1"}""");

        var topic = (await Bus.SendAsync(HttpMethod.Get, "/topics/things", admin: true)).Body!;
        Assert.Equal(0, (int)topic["partitions"]![0]!["end"]!);
    }

    [Fact]
    public async Task The_platform_tells_what_happens_to_services_in_a_topic_of_its_own()
    {
        Assert.Null(await Bus.Bus.EnsurePlatformTopicAsync(TestContext.Current.CancellationToken));
        await Bus.ReadyAsync(Kinds.Broker, "platform-events");
        await Bus.TriggerAsync("watcher", "platform-events");

        await Bus.ApplyAsync(Kinds.Service, """{"metadata":{"name":"shop"},"spec":{"template":{"spec":{"containers":[{"image":"dev.local/shop"}]}}}}""");
        var shop = Bus.Store.Get(new ResourceKey(Kinds.Service, "default", "shop"))!;
        await Bus.Store.ReplaceAsync(shop.WithRaw("status", "{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}"u8.ToArray()), WriteOptions.Default, default);
        Bus.Bus.TellOfPlatform("usage.recorded", "row-1", "default/shop", TimeProvider.System.GetUtcNow(), new JsonObject { ["cpuVcpuSeconds"] = 0.5 });

        await Eventually.TrueAsync(() => _received.Count == 2, "both have arrived");
        Assert.Contains(_received, one => one.Id == "row-1");
        Assert.Equal(HttpStatusCode.Unauthorized, (await Bus.PublishAsync("platform-events", "forged")).Code);
    }

    public ValueTask DisposeAsync() => Bus.DisposeAsync();

    private async Task AnnotateAsync(string paused)
    {
        await Eventually.TrueAsync(
            async () =>
            {
                var trigger = Bus.Store.Get(new ResourceKey(Kinds.Trigger, "default", "t"))!;
                var next = trigger.With(trigger.Metadata with { Annotations = new() { ["slipway.dev/paused"] = paused } });
                return (await Bus.Store.ReplaceAsync(next, WriteOptions.Default, default)).Succeeded;
            },
            "the annotation is set");
    }

    private async Task<int> LagAsync(string figure) =>
        (int)((JsonNode)(await Bus.SendAsync(HttpMethod.Get, "/topics/things/lag", admin: true)).Body!["items"]![0]!)[figure]!;
}
