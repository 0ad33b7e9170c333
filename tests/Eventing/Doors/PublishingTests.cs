using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Slipway.Eventing.Signing;
using Slipway.Eventing.Tests.Events;
using Slipway.Eventing.Tests.Hosting;
using Slipway.Model.Eventing;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Eventing.Tests.Doors;

public sealed class PublishingTests(TestPostgres postgres) : IAsyncLifetime
{
    private RunningBus? _bus;

    private RunningBus Bus => _bus!;

    public async ValueTask InitializeAsync() => _bus = await RunningBus.StartAsync(await CleanDatabase.OfAsync(postgres));

    [Fact]
    public async Task Events_arrive_signed_and_in_order_with_their_attributes_as_headers()
    {
        var received = new ConcurrentQueue<(string Id, string Body, string? Objection, string Offset)>();
        Bus.Answer = async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            var headers = http.Request.Headers;
            var signed = new Signed(
                headers["webhook-id"]!, headers["webhook-timestamp"]!, headers["webhook-signature"]!, headers["ce-type"]!, headers["ce-source"]!, headers["ce-subject"]);
            var objection = Signature.Objection(EventKeys.Of(RunningBus.PlatformKey, "default", "shop"), signed, body.ToArray(), TimeProvider.System.GetUtcNow());
            received.Enqueue((headers["ce-id"]!, Encoding.UTF8.GetString(body.ToArray()), objection ?? (http.Request.Host.Value == "shop.default.localhost:8080" ? null : "wrong host"), headers["slipway-offset"]!));
            http.Response.StatusCode = 204;
        };
        await Bus.ApplyAsync(Kinds.Service, """{"metadata":{"name":"shop"},"spec":{"template":{"spec":{"containers":[{"image":"dev.local/shop"}]}}}}""");
        var shop = Bus.Store.Get(new ResourceKey(Kinds.Service, "default", "shop"))!;
        await Bus.Store.ReplaceAsync(shop.WithRaw("status", "{\"url\":\"http://shop.default.localhost:8080\"}"u8.ToArray()), WriteOptions.Default, default);
        await Bus.BrokerAsync("things");
        await Bus.ApplyAsync(
            Kinds.Trigger,
            """{"metadata":{"name":"t"},"spec":{"broker":"things","subscriber":{"ref":{"apiVersion":"serving.knative.dev/v1","kind":"Service","name":"shop"},"uri":"/events/shop"}}}""");
        await Bus.ReadyAsync(Kinds.Trigger, "t");

        for (var number = 0; number < 20; number++)
        {
            Assert.Equal(HttpStatusCode.Accepted, (await Bus.PublishAsync("things", $"{number}", data: $"{{\"n\":{number}}}")).Code);
        }

        await Eventually.TrueAsync(() => received.Count == 20, "all have arrived");
        Assert.Equal(Enumerable.Range(0, 20).Select(number => ($"{number}", $"{{\"n\":{number}}}", default(string), $"{number}")), received);
        Assert.Contains("\"subscriberUri\":\"http://shop.default.localhost:8080/events/shop\"", Bus.Status(Kinds.Trigger, "t"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trace_goes_on_in_the_delivery()
    {
        const string Own = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        const string Bringer = "00-5bf92f3577b34da6a3ce929d0e0e4736-11f067aa0ba902b7-01";
        var received = new ConcurrentDictionary<string, (string Header, string Attribute)>();
        Bus.Answer = http =>
        {
            received[http.Request.Headers["ce-id"]!] = (http.Request.Headers["traceparent"].ToString(), http.Request.Headers["ce-traceparent"].ToString());
            http.Response.StatusCode = 204;
            return Task.CompletedTask;
        };
        await Bus.BrokerAsync("things");
        await Bus.ApplyAsync(Kinds.Trigger, $$$$"""{"metadata":{"name":"t"},"spec":{"broker":"things","subscriber":{"uri":"{{{{Bus.Subscriber}}}}events/t"}}}""");
        await Bus.ReadyAsync(Kinds.Trigger, "t");

        foreach (var (id, attribute) in new[] { ("own", $",\"traceparent\":\"{Own}\""), ("none", "") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/default/things")
            {
                Content = new StringContent($$"""{"specversion":"1.0","id":"{{id}}","source":"/s","type":"t"{{attribute}}}""", Encoding.UTF8, "application/cloudevents+json"),
            };
            request.Headers.TryAddWithoutValidation("traceparent", Bringer);
            using var answer = await Bus.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        }

        await Eventually.TrueAsync(() => received.Count == 2, "both have arrived");
        Assert.Equal(((Own, Own), (Bringer, Bringer)), (received["own"], received["none"]));
    }

    [Fact]
    public async Task What_is_wrong_is_told_with_its_code()
    {
        await Bus.BrokerAsync("things");

        Assert.Equal(HttpStatusCode.NotFound, (await Bus.PublishAsync("nothing", "1")).Code);
        var (code, body) = await Bus.SendAsync(HttpMethod.Post, "/default/things", "{}");
        Assert.Equal((HttpStatusCode.BadRequest, "/specversion"), (code, (string)body!["errors"]![0]!["pointer"]!));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await Bus.SendAsync(HttpMethod.Post, "/default/things", "<e/>", "application/cloudevents+xml")).Code);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Bus.PublishAsync("things", "1", data: new string(' ', 1024 * 1024) + "1")).Code);
        Assert.Equal(HttpStatusCode.NotFound, (await Bus.SendAsync(HttpMethod.Get, "/nowhere/at/all")).Code);
        (code, body) = await Bus.SendAsync(
            HttpMethod.Post, "/default/things", """[{"specversion":"1.0","id":"1","source":"/s","type":"t"},{"specversion":"1.0","id":"2","source":"/s"}]""", "application/cloudevents-batch+json");
        Assert.Equal(HttpStatusCode.BadRequest, code);
        Assert.StartsWith("Event 1: type", (string)body!["detail"]!, StringComparison.Ordinal);
        Assert.All((await TopicAsync("things"))["partitions"]!.AsArray(), partition => Assert.Equal(0, (int)partition!["end"]!));
    }

    [Fact]
    public async Task A_batch_is_taken_whole_and_once()
    {
        await Bus.BrokerAsync("things", """{"slipway.dev/partitions":"1"}""");
        var batch = $"[{string.Join(',', Enumerable.Range(0, 500).Select(number => $$"""{"specversion":"1.0","id":"{{number}}","source":"/s","type":"t","data":{{number}}}"""))}]";

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Bus.SendAsync(HttpMethod.Post, "/default/things", batch, "application/cloudevents-batch+json")));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Accepted, answer.Code));
        Assert.Equal(500, (int)(await TopicAsync("things"))["partitions"]![0]!["end"]!);
    }

    [Fact]
    public async Task A_signed_Broker_believes_only_the_right_key()
    {
        await Bus.BrokerAsync("things", """{"slipway.dev/publishers":"signed"}""");
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var right = Signature.Of(EventKeys.Of(RunningBus.PlatformKey, "default", "shop"), "1", now, "{}"u8, "t", "/s", null);

        Assert.Equal(HttpStatusCode.Unauthorized, (await Bus.PublishAsync("things", "1")).Code);
        Assert.Equal(HttpStatusCode.Unauthorized, await SignedAsync("default/other", "1", now, right));
        Assert.Equal(HttpStatusCode.Unauthorized, await SignedAsync("default/shop", "2", now, right));
        Assert.Equal(HttpStatusCode.Unauthorized, await SignedAsync("default/shop", "1", now - 400, Signature.Of(EventKeys.Of(RunningBus.PlatformKey, "default", "shop"), "1", now - 400, "{}"u8, "t", "/s", null)));
        Assert.Equal(HttpStatusCode.Accepted, await SignedAsync("default/shop", "1", now, "v1,AAAA " + right));

        var batch = """[{"specversion":"1.0","id":"9","source":"/s","type":"t"}]""";
        var whole = Signature.Of(EventKeys.Of(RunningBus.PlatformKey, "default", "shop"), "batch-1", now, Encoding.UTF8.GetBytes(batch), "", "", null);
        Assert.Equal(HttpStatusCode.Accepted, (await Bus.SendAsync(HttpMethod.Post, "/default/things", batch, "application/cloudevents-batch+json", false, Headers("default/shop", "batch-1", now, whole))).Code);

        async Task<HttpStatusCode> SignedAsync(string signer, string id, long at, string signature) => (await Bus.SendAsync(
            HttpMethod.Post, "/default/things", "{}", "application/json", false,
            [("ce-specversion", "1.0"), ("ce-id", id), ("ce-source", "/s"), ("ce-type", "t"), .. Headers(signer, id, at, signature)])).Code;

        static (string, string)[] Headers(string signer, string id, long at, string signature) =>
            [("webhook-signer", signer), ("webhook-id", id), ("webhook-timestamp", at.ToString(CultureInfo.InvariantCulture)), ("webhook-signature", signature)];
    }

    [Fact]
    public async Task A_full_Broker_tells_publishers_to_wait()
    {
        await Bus.BrokerAsync("things", """{"slipway.dev/partitions":"1","slipway.dev/retention-bytes":"1Mi"}""");
        var large = $"\"{new string('x', 700_000)}\"";

        Assert.Equal(HttpStatusCode.Accepted, (await Bus.PublishAsync("things", "1", data: large)).Code);
        Assert.Equal(HttpStatusCode.Accepted, (await Bus.PublishAsync("things", "2", data: large)).Code);
        var (code, body) = await Bus.PublishAsync("things", "3");

        Assert.Equal((HttpStatusCode.TooManyRequests, "brokerFull"), (code, (string)body!["code"]!));
    }

    [Fact]
    public async Task Schemas_are_kept_to_where_a_Broker_says_so()
    {
        await Bus.BrokerAsync("strict", """{"slipway.dev/schemas":"enforced"}""");
        await Bus.BrokerAsync("lenient");
        const string Schema = """{"type":"object","required":["n"],"properties":{"n":{"type":"integer"}}}""";

        Assert.Equal(HttpStatusCode.Unauthorized, (await Bus.SendAsync(HttpMethod.Put, "/schemas/a.b.v1.json", Schema)).Code);
        Assert.Equal(HttpStatusCode.Created, (await Bus.SendAsync(HttpMethod.Put, "/schemas/a.b.v1.json", Schema, admin: true)).Code);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Bus.SendAsync(HttpMethod.Put, "/schemas/c.json", """{"oneOf":[]}""", admin: true)).Code);
        var (code, body) = await Bus.SendAsync(HttpMethod.Put, "/schemas/a.b.v1.json", """{"type":"object","required":["n","m"],"properties":{}}""", admin: true);
        Assert.Equal(HttpStatusCode.Conflict, code);
        Assert.Equal(["newlyRequired", "removed"], body!["errors"]!.AsArray().Select(error => (string)error!["code"]!));
        Assert.Equal(Schema, (await Bus.SendAsync(HttpMethod.Get, "/schemas/a.b.v1.json")).Body!.ToJsonString());

        (code, body) = await Bus.PublishAsync("strict", "1", data: """{"n":"seven"}""", type: "a.b.v1");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "/data/n"), (code, (string)body!["errors"]![0]!["pointer"]!));
        Assert.Equal(HttpStatusCode.Accepted, (await Bus.PublishAsync("strict", "2", data: """{"n":7}""", type: "a.b.v1")).Code);
        Assert.Equal(HttpStatusCode.Accepted, (await Bus.PublishAsync("lenient", "1", data: """{"n":"seven"}""", type: "a.b.v1")).Code);
    }

    [Fact]
    public async Task The_shops_envelope_goes_to_its_topic_and_is_read_back()
    {
        await Bus.BrokerAsync("order-events", """{"slipway.dev/partitions":"1"}""");
        const string Told = """{"id":"e1","type":"order.created","payload":{"orderId":"o-1"},"timestamp":"2026-01-01T10:00:00Z","metadata":{"correlationId":"c-1","service":"orders"}}""";

        Assert.Equal(HttpStatusCode.Accepted, (await Bus.SendAsync(HttpMethod.Post, "/events", Told)).Code);
        Assert.Equal(HttpStatusCode.Accepted, (await Bus.SendAsync(HttpMethod.Post, "/events", Told)).Code);

        var page = (await Bus.SendAsync(HttpMethod.Get, "/topics/order-events/events?format=envelope", admin: true)).Body!;
        var item = Assert.Single(page["items"]!.AsArray())!;
        Assert.Equal(("order.created", "o-1", "c-1"), ((string)item["event"]!["type"]!, (string)item["event"]!["payload"]!["orderId"]!, (string)item["event"]!["metadata"]!["correlationId"]!));
        Assert.Equal(HttpStatusCode.NotFound, (await Bus.SendAsync(HttpMethod.Post, "/events", Told.Replace("order.created", "ghost.seen", StringComparison.Ordinal))).Code);
    }

    [Fact]
    public async Task No_body_makes_the_door_fail()
    {
        await Bus.BrokerAsync("things");
        var bodies = Gen.Elements(Hostile.Documents).SelectMany(Hostile.Damaged).Sample(150);
        string[] types = ["application/cloudevents+json", "application/cloudevents-batch+json", "application/json", "text/plain; charset=\"", ""];

        foreach (var (body, turn) in bodies.Select((body, turn) => (body, turn)))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, turn % 4 == 3 ? "/events" : "/default/things") { Content = new ByteArrayContent(body) };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", types[turn % types.Length]);
            if (turn % 3 == 0)
            {
                request.Headers.TryAddWithoutValidation("ce-specversion", "1.0");
                request.Headers.TryAddWithoutValidation("ce-id", $"%FF{turn}");
            }

            using var response = await Bus.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.True((int)response.StatusCode is 202 or (>= 400 and < 500), $"{response.StatusCode} for {Convert.ToHexString(body)}");
        }
    }

    public ValueTask DisposeAsync() => Bus.DisposeAsync();

    private async Task<System.Text.Json.Nodes.JsonNode> TopicAsync(string name) => (await Bus.SendAsync(HttpMethod.Get, $"/topics/{name}", admin: true)).Body!;
}
