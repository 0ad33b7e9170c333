using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Messaging;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Service;
using Slipway.Sdk.Settings;

namespace Slipway.Sdk.Tests.Messaging;

internal sealed record Counted(string Name, int N);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Counted))]
internal sealed partial class TopicJson : JsonSerializerContext;

/// <summary>Two services that share a topic: one tells, the other is told.</summary>
public sealed class TopicTests(TestPostgres postgres)
{
    private const string Key = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_of_a_topic_travel_in_batches_that_keep_the_order_of_each_key()
    {
        var server = await postgres.DatabaseAsync();
        var arrived = new ConcurrentQueue<JsonNode>();
        await using var broker = await BrokerAsync(arrived, _ => 202);
        await using var service = await TellerAsync(server, broker.Address);

        for (var i = 1; i <= 30; i++)
        {
            await service.Client.PostAsync($"/tell?key=k{i % 3}&n={i}", null, Cancellation);
        }

        await Eventually.TrueAsync(() => arrived.Count >= 30, "every event arrives");
        foreach (var key in arrived.GroupBy(told => (string)told["subject"]!))
        {
            var numbers = key.Select(told => (int)told["data"]!["n"]!).ToList();
            Assert.Equal(numbers.Order(), numbers);
        }
    }

    [Fact]
    public async Task One_event_that_the_broker_refuses_holds_up_its_own_key_only()
    {
        var server = await postgres.DatabaseAsync();
        var arrived = new ConcurrentQueue<JsonNode>();
        await using var broker = await BrokerAsync(arrived, told => (string?)told["subject"] == "bad" ? 422 : 202);
        await using var service = await TellerAsync(server, broker.Address);

        foreach (var key in new[] { "bad", "good", "better" })
        {
            await service.Client.PostAsync($"/tell?key={key}&n=1", null, Cancellation);
        }

        await Eventually.TrueAsync(() => arrived.Count == 2, "the others arrive");
        Assert.DoesNotContain(arrived, told => (string?)told["subject"] == "bad");
        await Eventually.TrueAsync(async () => await server.TextAsync("select count(*) from slipway.outbox") == "1", "only the refused one is left");
    }

    [Fact]
    public async Task A_broker_that_is_away_never_makes_a_dead_letter()
    {
        var server = await postgres.DatabaseAsync();
        var arrived = new ConcurrentQueue<JsonNode>();
        var away = true;
        await using var broker = await BrokerAsync(arrived, _ => away ? 503 : 202);
        await using var service = await TellerAsync(server, broker.Address);
        await service.Client.PostAsync("/tell?key=k&n=1", null, Cancellation);

        await Eventually.TrueAsync(async () => await server.TextAsync("select count(*) from slipway.outbox") == "1", "the event waits");
        away = false;

        await Eventually.TrueAsync(() => arrived.Count == 1, "the event arrives");
        Assert.Equal("0", await server.TextAsync("select count(*) from slipway.outbox_stuck"));
    }

    [Fact]
    public async Task What_belongs_to_a_topic_is_not_written_where_there_is_no_broker()
    {
        var server = await postgres.DatabaseAsync();
        await using var service = await TellerAsync(server, null);

        Assert.True((await service.Client.PostAsync("/tell?key=k&n=1", null, Cancellation)).IsSuccessStatusCode);

        Assert.Equal("0", await server.TextAsync("select count(*) from slipway.outbox"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_event_takes_effect_once_however_often_it_arrives(bool structured)
    {
        var server = await postgres.DatabaseAsync();
        await using var service = await ListenerAsync(server, key: null);

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => DeliverAsync(service, "event-1", """{"name":"a","n":3}""", structured)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.NoContent, answer));
        Assert.Equal("3", await server.TextAsync("select sum(n) from tallied"));
    }

    [Theory]
    [InlineData("""{"name":"fails","n":1}""", HttpStatusCode.InternalServerError)]
    [InlineData("""{"name":"later","n":1}""", HttpStatusCode.ServiceUnavailable)]
    [InlineData("""{"name":5}""", HttpStatusCode.BadRequest)]
    [InlineData("not json", HttpStatusCode.BadRequest)]
    public async Task An_event_that_could_not_be_handled_may_come_again(string data, HttpStatusCode expected)
    {
        var server = await postgres.DatabaseAsync();
        await using var service = await ListenerAsync(server, key: null);

        Assert.Equal(expected, await DeliverAsync(service, "event-1", data, structured: false));

        Assert.Equal("0", await server.TextAsync("select count(*) from slipway.inbox"));
        Assert.Equal("0", await server.TextAsync("select count(*) from tallied"));
    }

    [Fact]
    public async Task What_concerns_nobody_here_is_taken_and_forgotten()
    {
        var server = await postgres.DatabaseAsync();
        await using var service = await ListenerAsync(server, key: null);

        Assert.Equal(HttpStatusCode.NoContent, await DeliverAsync(service, "event-1", "{}", structured: false, type: "slipway.test.other.v1"));
    }

    [Fact]
    public async Task With_a_key_only_what_the_broker_signed_lately_is_taken()
    {
        var server = await postgres.DatabaseAsync();
        await using var service = await ListenerAsync(server, Key);
        const string Data = """{"name":"a","n":3}""";
        var now = TimeProvider.System.GetUtcNow();

        Assert.Equal(HttpStatusCode.Unauthorized, await DeliverAsync(service, "event-1", Data, structured: false));
        Assert.Equal(HttpStatusCode.Unauthorized, await DeliverAsync(service, "event-1", Data, structured: false, signed: Signed("event-1", """{"name":"a","n":4}""", now)));
        Assert.Equal(HttpStatusCode.Unauthorized, await DeliverAsync(service, "event-1", Data, structured: false, signed: Signed("event-1", Data, now.AddMinutes(-6))));
        Assert.Equal(HttpStatusCode.NoContent, await DeliverAsync(service, "event-1", Data, structured: false, signed: Signed("event-1", Data, now)));
        Assert.Equal("3", await server.TextAsync("select sum(n) from tallied"));
    }

    [Fact]
    public async Task A_command_that_leaves_events_behind_wakes_the_service_that_sends_them()
    {
        var server = await postgres.DatabaseAsync();
        var called = new ConcurrentQueue<string>();
        await using var gateway = await Neighbour.StartAsync(http =>
        {
            called.Enqueue($"{http.Request.Host.Host}{http.Request.Path}");
            return Task.CompletedTask;
        });
        var environment = server.Environment;
        environment["SLIPWAY_EVENTS"] = "http://127.0.0.1:1/default";
        environment["SLIPWAY_GATEWAY"] = gateway.Address.GetLeftPart(UriPartial.Authority);
        environment["SLIPWAY_PUBLIC_URL"] = "http://{service}.localhost:8080";
        async Task<int> RunAsync(string verb)
        {
            var service = SlipwayService.Create("teller", [verb], options => options.Environment = name => environment.GetValueOrDefault(name));
            service.UseDatabase(typeof(TopicTests).Assembly);
            service.Command("idle", (_, _) => Task.FromResult(0));
            service.Command("tell", async (services, cancellation) =>
            {
                var told = new OutgoingEvent { Topic = "numbers", Type = "slipway.test.number.told.v1", Subject = "k", Data = new JsonObject { ["n"] = 1 } };
                await services.GetRequiredService<Sdk.Database.Database>().WriteAsync((tx, c) => services.GetRequiredService<Outbox>().AddAsync(tx, told, c), cancellation);
                return 0;
            });
            return await service.RunAsync(_ => { });
        }

        Assert.Equal(0, await RunAsync("migrate"));
        Assert.Equal(0, await RunAsync("idle"));
        Assert.Empty(called);
        Assert.Equal(0, await RunAsync("tell"));
        Assert.Equal("teller.localhost/live", Assert.Single(called));
    }

    private static IReadOnlyList<KeyValuePair<string, string>> Signed(string id, string data, DateTimeOffset at)
    {
        var settings = new ServiceSettings(name => name switch { "SLIPWAY_EVENTS_KEY" => Key, "SLIPWAY_EVENTS" => "http://127.0.0.1:4000/default", "K_SERVICE" => "broker", _ => null });
        return [.. DeliverySignature.Read(settings).Sign(id, "slipway.test.counted.v1", "/test", "s", Encoding.UTF8.GetBytes(data), at)];
    }

    private static async Task<HttpStatusCode> DeliverAsync(
        RunningService service, string id, string data, bool structured, string type = "slipway.test.counted.v1", IReadOnlyList<KeyValuePair<string, string>>? signed = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/events/counter");
        if (structured)
        {
            var document = new JsonObject { ["specversion"] = "1.0", ["id"] = id, ["source"] = "/test", ["type"] = type, ["subject"] = "s", ["data"] = JsonNode.Parse(data) };
            request.Content = new StringContent(document.ToJsonString(), Encoding.UTF8, "application/cloudevents+json");
        }
        else
        {
            request.Content = new StringContent(data, Encoding.UTF8, "application/json");
            foreach (var (name, value) in new[] { ("specversion", "1.0"), ("id", id), ("source", "/test"), ("type", type), ("subject", "s") })
            {
                request.Headers.Add("ce-" + name, value);
            }
        }

        foreach (var (name, value) in signed ?? [])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await service.Client.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }

    private static Task<Neighbour> BrokerAsync(ConcurrentQueue<JsonNode> arrived, Func<JsonNode, int> status) => Neighbour.StartAsync(async http =>
    {
        Assert.Equal("/default/numbers", http.Request.Path);
        var body = JsonNode.Parse(await new StreamReader(http.Request.Body).ReadToEndAsync())!;
        List<JsonNode> told = body is JsonArray batch ? [.. batch.Select(one => one!)] : [body];
        http.Response.StatusCode = told.Max(status);
        if (http.Response.StatusCode < 300)
        {
            told.ForEach(arrived.Enqueue);
        }
    });

    private static Task<RunningService> TellerAsync(TestDatabase server, Uri? broker)
    {
        var environment = server.Environment;
        if (broker is not null)
        {
            environment["SLIPWAY_EVENTS"] = new Uri(broker, "/default").ToString();
        }

        return RunningService.StartAsync(Create, MapTeller, environment);
    }

    private static async Task<RunningService> ListenerAsync(TestDatabase server, string? key)
    {
        var environment = server.Environment;
        environment["SLIPWAY_EVENTS_KEY"] = key;
        var service = await RunningService.StartAsync(Create, MapListener, environment);
        await service.UntilReadyAsync();
        return service;
    }

    private static SlipwayService Create(string[] args)
    {
        var service = SlipwayService.Create("teller", args, options => options.Environment = _ => null);
        service.UseDatabase(typeof(TopicTests).Assembly);
        return service;
    }

    private static void MapTeller(WebApplication app) =>
        app.MapPost("/tell", async Task<IResult> (HttpContext http, Sdk.Database.Database database, Outbox outbox) =>
        {
            var number = int.Parse(http.Request.Query["n"]!, System.Globalization.CultureInfo.InvariantCulture);
            var told = new OutgoingEvent { Topic = "numbers", Type = "slipway.test.number.told.v1", Subject = http.Request.Query["key"]!, Data = new JsonObject { ["n"] = number } };
            await database.WriteAsync((tx, c) => outbox.AddAsync(tx, told, c), http.RequestAborted);
            return Results.NoContent();
        }).OpenToAll("a test");

    private static void MapListener(WebApplication app) => app.MapEvents("counter", EventHandling.Of("slipway.test.counted.v1", TopicJson.Default.Counted, async (counted, _, transaction, _, cancellation) =>
    {
        await transaction.Command("insert into tallied (n) values ($1)", counted.N).ExecuteAsync(cancellation);
        switch (counted.Name)
        {
            case "fails":
                throw new InvalidOperationException("the effect failed");
            case "later":
                throw new ProblemException(Problem.Unavailable("busy", "Come again.", TimeSpan.FromSeconds(1)));
        }
    }));
}
