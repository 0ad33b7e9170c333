using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Messaging;
using Slipway.Sdk.Outbound;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Tests.Telemetry;

internal sealed record Kept(string Text);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Kept))]
internal sealed partial class StoryJson : JsonSerializerContext;

/// <summary>One trace through everything a service does: store, call, tell, handle.</summary>
public sealed class TraceStoryTests(TestPostgres postgres)
{
    private const string TraceId = "6bf92f3577b34da6a3ce929d0e0e4736";
    private const string Secret = "nobody-may-read-this";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_trace_goes_from_the_request_through_the_database_and_the_event_to_whoever_handles_it()
    {
        var server = await postgres.DatabaseAsync();
        var told = new ConcurrentQueue<JsonNode>();
        await using var sink = await Neighbour.StartAsync(async http => told.Enqueue((await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted))!));
        await using var collector = await Collector.StartAsync();
        await using var service = await StartAsync(server, collector, ("K_SINK", sink.Address.ToString()));

        await SendAsync(service, "/tell");
        await Eventually.TrueAsync(() => !told.IsEmpty, "the event arrives");
        var request = await collector.SpanAsync(span => span.TraceId == TraceId && span.Kind == 2);
        var sent = await collector.SpanAsync(span => span.TraceId == TraceId && span.Kind == 4);
        var statement = await collector.SpanAsync(span => span.TraceId == TraceId && span.ToString().Contains("insert into counted_notes", StringComparison.Ordinal));
        Assert.Equal((request.Id, "send slipway.test.note.kept.v1"), (sent.Parent, sent.Name));
        Assert.Equal((request.Id, 3, "Npgsql", "insert counted_notes"), (statement.Parent, statement.Kind, statement.Source, statement.Name));
        Assert.Equal(("postgresql", "insert into counted_notes (text) values ($1)"), (statement.Attributes["db.system.name"], statement.Attributes["db.query.text"]));
        Assert.DoesNotContain(collector.Spans, span => span.ToString().Contains(Secret, StringComparison.Ordinal));
        Assert.Equal($"00-{TraceId}-{sent.Id}-01", (string?)told.First()["traceparent"]);

        // When the event is brought by somebody who knows nothing of traces
        var delivery = new StringContent(told.First().ToJsonString(), Encoding.UTF8, "application/cloudevents+json");
        using var answer = await service.Client.PostAsync("/events/reader", delivery, Cancellation);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        var handled = await collector.SpanAsync(span => span.TraceId == TraceId && span.Kind == 5);
        Assert.Equal((sent.Id, "process slipway.test.note.kept.v1"), (handled.Parent, handled.Name));
        Assert.Equal(answer.Headers.GetValues("X-Trace-Id").Single(), Assert.Single(handled.Links));
        Assert.Equal(handled.Id, (await collector.SpanAsync(span => span.ToString().Contains("slipway.inbox", StringComparison.Ordinal) && span.TraceId == TraceId)).Parent);

        // And nothing is told of what the service does on its own account.
        Assert.All(collector.Spans, span => Assert.True(span.Kind == 2 || span.Parent.Length > 0, span.Name));
    }

    [Fact]
    public async Task An_event_that_cannot_be_handled_is_an_error()
    {
        var server = await postgres.DatabaseAsync();
        await using var collector = await Collector.StartAsync();
        await using var service = await StartAsync(server, collector);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/events/reader") { Content = new StringContent("""{"text":"refused"}""", Encoding.UTF8, "application/json") };
        foreach (var (name, value) in new[] { ("ce-specversion", "1.0"), ("ce-id", "1"), ("ce-source", "/a"), ("ce-type", "slipway.test.note.kept.v1"), ("ce-traceparent", $"00-{TraceId}-00f067aa0ba902b7-01") })
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await service.Client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var handled = await collector.SpanAsync(span => span.Kind == 5);
        Assert.Equal((TraceId, "00f067aa0ba902b7", 2), (handled.TraceId, handled.Parent, handled.Status));
    }

    [Fact]
    public async Task A_statement_that_fails_is_an_error_that_quotes_no_value()
    {
        var server = await postgres.DatabaseAsync();
        await using var collector = await Collector.StartAsync();
        await using var service = await StartAsync(server, collector);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/odd");
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{TraceId}-00f067aa0ba902b7-01");

        using var answer = await service.Client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        var statement = await collector.SpanAsync(span => span.Source == "Npgsql" && span.Status == 2);
        Assert.Equal("22P02", statement.Attributes["db.response.status_code"]);
        var whole = await collector.SpanAsync(span => span.Kind == 2 && span.Status == 2);
        Assert.Equal("Npgsql.PostgresException", Assert.Single(whole.Events).Attributes["exception.type"]);
        Assert.DoesNotContain(collector.Spans, span => span.ToString().Contains(Secret, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("select count(*) from counted", "select counted")]
    [InlineData("select 1", "select")]
    [InlineData("  -- first\n  insert into slipway.outbox (id) select id from other", "insert slipway.outbox")]
    [InlineData("with turn as (select pg_advisory_xact_lock($1)) INSERT INTO slipway.outbox (id) select $2 from turn", "insert slipway.outbox")]
    [InlineData("insert into a (b) values ($1) on conflict (b) do update set c = $2", "insert a")]
    [InlineData("select id from jobs order by id for update skip locked", "select jobs")]
    [InlineData("with gone as (delete from only a where b = $1 returning c) select * from gone", "delete a")]
    [InlineData("update todo.todos set done = true", "update todo.todos")]
    [InlineData("listen x", "listen")]
    [InlineData("", "statement")]
    public void A_statement_is_called_after_what_it_does(string sql, string name) => Assert.Equal(name, StatementName.Of(sql));

    [Fact]
    public async Task A_call_is_a_span_per_attempt_that_the_called_service_goes_on_from()
    {
        var server = await postgres.DatabaseAsync();
        var seen = new ConcurrentQueue<string>();
        await using var other = await Neighbour.StartAsync(http =>
        {
            seen.Enqueue(http.Request.Headers["traceparent"].ToString());
            http.Response.StatusCode = seen.Count == 1 ? 503 : 200;
            return Task.CompletedTask;
        });
        await using var collector = await Collector.StartAsync();
        await using var service = await StartAsync(server, collector, ("SHOP_API_URL", other.Address.ToString()), ("CALL_RETRY_BASE_MS", "1"));

        await SendAsync(service, "/call");

        var second = await collector.SpanAsync(span => span.Attributes.ContainsKey("http.request.resend_count"));
        var first = await collector.SpanAsync(span => span.Kind == 3 && span.Status == 2);
        var request = await collector.SpanAsync(span => span.Kind == 2);
        Assert.Equal((request.Id, request.Id, "GET shop-api", "shop-api", "200"), (first.Parent, second.Parent, second.Name, second.Attributes["peer.service"], second.Attributes["http.response.status_code"]));
        Assert.Equal([$"00-{TraceId}-{first.Id}-01", $"00-{TraceId}-{second.Id}-01"], seen);
        Assert.Equal(2, collector.Spans.Count(span => span.Kind == 3));
    }

    [Fact]
    public async Task The_figures_documents_name_are_there()
    {
        var server = await postgres.DatabaseAsync();
        await using var collector = await Collector.StartAsync();
        await using var service = await StartAsync(server, collector);
        await SendAsync(service, "/slow");

        // The figures of a request are recorded after its answer has left.
        await Eventually.TrueAsync(async () => (await TextAsync()).Contains("http_requests_total{service=\"story\",status=\"200\"} 1\n", StringComparison.Ordinal), "the request is counted");

        var text = await TextAsync();

        Assert.Contains("http_request_duration_seconds_count{service=\"story\",method=\"GET\",endpoint=\"/slow\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("http_request_duration_seconds_bucket{service=\"story\",method=\"GET\",endpoint=\"/slow\",le=\"1\"} 0\n", text, StringComparison.Ordinal);
        Assert.Matches("\ndatabase_slow_queries_total{pool=\"story\"} [1-9]", text);
        foreach (var name in new[]
        {
            "process_memory_usage_bytes", "process_cpu_usage_seconds", "nodejs_memory_usage_bytes", "nodejs_cpu_usage_seconds", "database_connections_active", "slipway_spans_dropped_total",
            "db_client_operation_duration_seconds_count",
        })
        {
            Assert.Contains($"\n{name}", text, StringComparison.Ordinal);
        }

        Task<string> TextAsync() => service.Client.GetStringAsync("/metrics", Cancellation);
    }

    private static async Task<RunningService> StartAsync(TestDatabase server, Collector collector, params (string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string?>(server.Environment)
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
            ["OTEL_BSP_SCHEDULE_DELAY"] = "20",
            ["OTEL_METRICS_EXPORTER"] = "none",
            ["LOG_LEVEL"] = "error",
        };
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        var service = await RunningService.StartAsync(Create, Map, environment);
        return await service.UntilReadyAsync();
    }

    private static SlipwayService Create(string[] args)
    {
        var service = SlipwayService.Create("story", args, options => options.Environment = _ => null);
        service.UseDatabase(typeof(TraceStoryTests).Assembly);
        return service;
    }

    private static void Map(WebApplication app)
    {
        app.MapGet("/tell", static async (HttpContext http, Sdk.Database.Database database, Outbox outbox) => await database.WriteAsync(
            async (transaction, token) =>
            {
                await transaction.Command("create temp table counted_notes (text text) on commit drop").ExecuteAsync(token);
                await transaction.Command("insert into counted_notes (text) values ($1)", Secret).ExecuteAsync(token);
                await outbox.AddAsync(transaction, new OutgoingEvent { Type = "slipway.test.note.kept.v1", Subject = "s", Data = new JsonObject { ["text"] = "kept" } }, token);
            },
            http.RequestAborted)).OpenToAll("a test");
        app.MapGet("/call", static async (HttpContext http, ServiceCalls calls) => await calls.Client("shop-api").GetStringAsync("/", http.RequestAborted)).OpenToAll("a test");
        app.MapGet("/odd", static async (HttpContext http, Sdk.Database.Database database) => await database.ReadAsync(
            (connection, token) => connection.Command("select $1::text::uuid", Secret).OneAsync(row => row.GetGuid(0), token), http.RequestAborted)).OpenToAll("a test");
        app.MapGet("/slow", static async (HttpContext http, Sdk.Database.Database database) => (await database.ReadAsync(
            (connection, token) => connection.Command("select 1 from pg_sleep(1.05)").OneAsync(row => row.GetInt32(0), token), http.RequestAborted)).ToString()).OpenToAll("a test");
        app.MapEvents("reader", EventHandling.Of("slipway.test.note.kept.v1", StoryJson.Default.Kept, static (kept, _, _, _, _) =>
            kept.Text == "refused" ? throw new ProblemException(new Problem(422, "notWanted", "Not wanted", "Not this one.")) : Task.CompletedTask));
    }

    private static async Task SendAsync(RunningService service, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{TraceId}-00f067aa0ba902b7-01");
        using var answer = await service.Client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
