using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Messaging;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Tests.Messaging;

public sealed class MessagingTests(TestPostgres postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_arrive_whole_and_in_order_per_key_from_whichever_instance_wrote_them()
    {
        var server = await postgres.DatabaseAsync();
        var arrived = new ConcurrentQueue<JsonNode>();
        await using var sink = await SinkAsync(arrived, _ => 202);
        await using var one = await StartAsync(server, sink.Address);
        await using var other = await StartAsync(server, sink.Address);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async key =>
        {
            for (var i = 1; i <= 10; i++)
            {
                await (i % 2 == 0 ? one : other).Client.PostAsync($"/tell?key=k{key}&n={i}", null, Cancellation);
            }
        }));
        await Eventually.TrueAsync(() => arrived.Count >= 40, "every event arrives");
        await Eventually.TrueAsync(async () => await server.TextAsync("select count(*) from slipway.outbox") == "0", "the outbox is empty");

        foreach (var key in arrived.GroupBy(told => (string)told["subject"]!))
        {
            Assert.Equal(Enumerable.Range(1, 10), key.Select(told => (int)told["data"]!["n"]!));
        }

        var first = arrived.First();
        Assert.Equal(("1.0", "/teller", "slipway.test.number.told.v1"), ((string?)first["specversion"], (string?)first["source"], (string?)first["type"]));
        Assert.Equal(10, ((string)first["sequence"]!).Length);
        Assert.NotNull(first["traceparent"]);
        Assert.NotNull(first["correlationid"]);
    }

    [Fact]
    public async Task A_refused_event_holds_up_its_own_key_only_and_is_given_up_after_ten_attempts()
    {
        var server = await postgres.DatabaseAsync();
        var arrived = new ConcurrentQueue<JsonNode>();
        var broken = true;
        await using var sink = await SinkAsync(arrived, told => (string?)told["subject"] == "bad" && broken ? 500 : 202);
        await using var service = await StartAsync(server, sink.Address);
        foreach (var key in new[] { "bad", "bad", "good" })
        {
            await service.Client.PostAsync($"/tell?key={key}&n={(key == "good" ? 1 : arrived.Count)}", null, Cancellation);
        }

        await Eventually.TrueAsync(() => arrived.Any(told => (string?)told["subject"] == "good"), "another key is not held up");
        var store = service.Services.GetRequiredService<OutboxStore>();
        await Eventually.TrueAsync(
            async () =>
            {
                await server.ExecuteAsync("update slipway.outbox_stuck set next_at = now()");
                return await store.StuckAsync(Cancellation) is [{ DeadAt: not null }];
            },
            "the event is given up");
        var stuck = Assert.Single(await store.StuckAsync(Cancellation));
        Assert.Equal(("bad", 10, "The sink answered 500."), (stuck.PartitionKey, stuck.Attempts, stuck.Error));

        // When the operator has it tried again after the consumer was mended
        broken = false;
        await store.RetryAsync("bad", Cancellation);

        await Eventually.TrueAsync(() => arrived.Count(told => (string?)told["subject"] == "bad") == 2, "both events arrive");
        Assert.Empty(await store.StuckAsync(Cancellation));
    }

    [Fact]
    public async Task An_operator_can_leave_out_an_event_that_nobody_can_take()
    {
        var server = await postgres.DatabaseAsync();
        var arrived = new ConcurrentQueue<JsonNode>();
        await using var sink = await SinkAsync(arrived, told => (int)told["data"]!["n"]! == 1 ? 400 : 202);
        await using var service = await StartAsync(server, sink.Address);
        await service.Client.PostAsync("/tell?key=k&n=1", null, Cancellation);
        await service.Client.PostAsync("/tell?key=k&n=2", null, Cancellation);
        var store = service.Services.GetRequiredService<OutboxStore>();
        await Eventually.TrueAsync(async () => (await store.StuckAsync(Cancellation)).Count == 1, "the key is stuck");

        Assert.Equal(1, await store.SkipAsync("k", Cancellation));

        await Eventually.TrueAsync(() => arrived.Any(told => (int)told["data"]!["n"]! == 2), "the next event arrives");
        Assert.DoesNotContain(arrived, told => (int)told["data"]!["n"]! == 1);
    }

    [Fact]
    public async Task Events_wait_for_a_sink_that_is_away_and_for_a_service_that_was_killed()
    {
        var server = await postgres.DatabaseAsync();
        await using (var service = await StartAsync(server, new Uri("http://127.0.0.1:1/")))
        {
            await service.Client.PostAsync("/tell?key=k&n=1", null, Cancellation);
        }

        Assert.Equal("1", await server.TextAsync("select count(*) from slipway.outbox"));
        await server.ExecuteAsync("update slipway.outbox_stuck set next_at = now()");
        var arrived = new ConcurrentQueue<JsonNode>();
        await using var sink = await SinkAsync(arrived, _ => 202);
        await using var next = await StartAsync(server, sink.Address);

        await Eventually.TrueAsync(() => !arrived.IsEmpty, "the event of the former instance arrives");
    }

    [Fact]
    public async Task Without_a_sink_nothing_is_written()
    {
        var server = await postgres.DatabaseAsync();
        await using var service = await StartAsync(server, null);

        Assert.True((await service.Client.PostAsync("/tell?key=k&n=1", null, Cancellation)).IsSuccessStatusCode);

        Assert.Equal("0", await server.TextAsync("select count(*) from slipway.outbox"));
    }

    [Fact]
    public async Task An_event_is_handled_once_and_again_if_its_effect_failed()
    {
        var server = await postgres.DatabaseAsync();
        await using var service = await StartAsync(server, null);
        var database = service.Services.GetRequiredService<Sdk.Database.Database>();
        var inbox = service.Services.GetRequiredService<Inbox>();

        await Assert.ThrowsAsync<InvalidOperationException>(() => database.WriteAsync(
            async (tx, c) =>
            {
                Assert.True(await inbox.TryEnterAsync(tx, "mailer", "event-1", c));
                throw new InvalidOperationException("the effect failed");
            },
            Cancellation));
        var entered = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => database.WriteAsync((tx, c) => inbox.TryEnterAsync(tx, "mailer", "event-1", c), Cancellation)));

        Assert.Single(entered, true);
        Assert.True(await database.WriteAsync((tx, c) => inbox.TryEnterAsync(tx, "another", "event-1", c), Cancellation));
    }

    [Fact]
    public void Pauses_grow_and_stay_within_bounds() => Prop.ForAll<int, byte>((attempts, dice) =>
    {
        var pause = RelayBackoff.After(attempts, dice / 255.0);
        return pause >= TimeSpan.FromMilliseconds(250) && pause <= TimeSpan.FromMinutes(5);
    }).QuickCheckThrowOnFailure();

    private static Task<Neighbour> SinkAsync(ConcurrentQueue<JsonNode> arrived, Func<JsonNode, int> status) => Neighbour.StartAsync(async http =>
    {
        Assert.StartsWith("application/cloudevents+json", http.Request.ContentType);
        var told = JsonNode.Parse(await new StreamReader(http.Request.Body).ReadToEndAsync())!;
        http.Response.StatusCode = status(told);
        if (http.Response.StatusCode < 300)
        {
            arrived.Enqueue(told);
        }
    });

    private static Task<RunningService> StartAsync(TestDatabase server, Uri? sink)
    {
        var environment = server.Environment;
        if (sink is not null)
        {
            environment["K_SINK"] = sink.ToString();
        }

        return RunningService.StartAsync(Create, Map, environment);
    }

    private static SlipwayService Create(string[] args)
    {
        var service = SlipwayService.Create("teller", args, options => options.Environment = _ => null);
        service.UseDatabase(typeof(MessagingTests).Assembly);
        return service;
    }

    private static void Map(WebApplication app) =>
        app.MapPost("/tell", async Task<IResult> (HttpContext http, Sdk.Database.Database database, Outbox outbox) =>
        {
            var number = int.Parse(http.Request.Query["n"]!, System.Globalization.CultureInfo.InvariantCulture);
            await database.WriteAsync(
                (tx, c) => outbox.AddAsync(
                    tx,
                    new OutgoingEvent { Type = "slipway.test.number.told.v1", Subject = http.Request.Query["key"]!, Sequence = number, Data = new JsonObject { ["n"] = number } },
                    c),
                http.RequestAborted);
            return Results.NoContent();
        }).OpenToAll("a test");
}
