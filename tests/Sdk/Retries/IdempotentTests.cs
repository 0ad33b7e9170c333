using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Slipway.Sdk.Retries;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Tests.Retries;

public sealed class IdempotentTests(IdempotentTests.Notes notes) : IClassFixture<IdempotentTests.Notes>
{
    private readonly TestDatabase _database = notes.Database;
    private readonly RunningService _service = notes.Service;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_repeated_request_gets_the_stored_reply_and_changes_nothing()
    {
        var key = Guid.NewGuid().ToString();
        using var first = await PostAsync("/add", """{"text":"a","stars":1}""", key);
        using var again = await PostAsync("/add", """{ "stars": 1, "text": "a" }""", key);

        Assert.Equal((HttpStatusCode.Created, "false"), (first.StatusCode, Replayed(first)));
        Assert.Equal((HttpStatusCode.Created, "true"), (again.StatusCode, Replayed(again)));
        Assert.Equal(await first.Content.ReadAsByteArrayAsync(Cancellation), await again.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(("/notes/a", "\"7\""), (again.Headers.Location!.ToString(), again.Headers.ETag!.ToString()));
        Assert.Equal("application/json; charset=utf-8", again.Content.Headers.ContentType!.ToString());
        Assert.Equal("1", await CountAsync("a"));
    }

    [Fact]
    public async Task Another_body_under_the_same_key_is_refused()
    {
        var key = Guid.NewGuid().ToString();
        using var first = await PostAsync("/add", """{"text":"b1","stars":1}""", key);
        using var other = await PostAsync("/add", """{"text":"b2","stars":1}""", key);

        Assert.Equal((422, "idempotencyKeyReused"), await ProblemAsync(other));
        Assert.Equal("0", await CountAsync("b2"));
    }

    [Fact]
    public async Task The_same_key_at_another_address_is_another_key()
    {
        var key = Guid.NewGuid().ToString();
        using var first = await PostAsync("/add", """{"text":"c","stars":1}""", key);
        using var other = await PostAsync("/add-too", """{"text":"c","stars":1}""", key);

        Assert.Equal("false", Replayed(other));
        Assert.Equal("2", await CountAsync("c"));
    }

    [Fact]
    public async Task Of_many_at_once_exactly_one_has_the_effect_and_none_a_wrong_answer()
    {
        var key = Guid.NewGuid().ToString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostAsync("/slow", """{"text":"d","stars":1}""", key)));

        Assert.All(answers, answer => Assert.True(answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict));
        Assert.All(answers.Where(answer => answer.StatusCode == HttpStatusCode.Conflict), answer => Assert.NotNull(answer.Headers.RetryAfter));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created && Replayed(answer) == "false");
        Assert.Equal("1", await CountAsync("d"));
        Assert.Equal("1", await CountAsync("d at commit"));
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Fact]
    public async Task A_refusal_is_stored_and_undoes_what_the_effect_wrote()
    {
        var key = Guid.NewGuid().ToString();
        using var first = await PostAsync("/refuse", """{"text":"e","stars":1}""", key);
        using var again = await PostAsync("/refuse", """{"text":"e","stars":1}""", key);

        Assert.Equal((409, "tooMany"), await ProblemAsync(first));
        Assert.Equal((409, "tooMany"), await ProblemAsync(again));
        Assert.Equal("application/problem+json", again.Content.Headers.ContentType!.MediaType);
        Assert.Equal("true", Replayed(again));
        Assert.Equal("0", await CountAsync("e"));
        Assert.Equal("0", await CountAsync("e at commit"));
    }

    [Fact]
    public async Task A_refusal_without_a_key_undoes_what_the_effect_wrote()
    {
        using var answer = await PostAsync("/refuse", """{"text":"f","stars":1}""", null);

        Assert.Equal((409, "tooMany"), await ProblemAsync(answer));
        Assert.Equal("0", await CountAsync("f"));
    }

    [Fact]
    public async Task An_outage_is_not_stored_so_the_same_key_works_afterwards()
    {
        var key = Guid.NewGuid().ToString();
        using var first = await PostAsync("/unavailable-once", """{"text":"g","stars":1}""", key);
        using var again = await PostAsync("/unavailable-once", """{"text":"g","stars":1}""", key);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, first.StatusCode);
        Assert.Equal((HttpStatusCode.Created, "false"), (again.StatusCode, Replayed(again)));
        Assert.Equal("1", await CountAsync("g"));
    }

    [Fact]
    public async Task A_client_that_never_learnt_the_outcome_finds_out_with_its_key()
    {
        // Given a commit that succeeds although its answer is lost on the way: the effect is there, the client saw a failure
        var key = Guid.NewGuid().ToString();
        using (var first = await PostAsync("/add", """{"text":"h","stars":1}""", key))
        {
            // The answer is thrown away.
        }

        using var again = await PostAsync("/add", """{"text":"h","stars":1}""", key);
        Assert.Equal((HttpStatusCode.Created, "true"), (again.StatusCode, Replayed(again)));
        Assert.Equal("1", await CountAsync("h"));
    }

    [Fact]
    public async Task After_a_commit_with_an_unknown_outcome_the_same_key_makes_sure_it_happens_once()
    {
        // Given a server that dies in the middle of the commit
        await _database.ExecuteAsync(
            """
            create function die() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
            create constraint trigger die after insert on notes deferrable initially deferred for each row when (new.text = 'k') execute function die();
            """);
        var key = Guid.NewGuid().ToString();
        using var first = await PostAsync("/add", """{"text":"k","stars":1}""", key);
        Assert.Equal((503, "outcomeUnknown"), await ProblemAsync(first));
        Assert.NotNull(first.Headers.RetryAfter);

        // When it is well again and the client repeats the request
        await _database.ExecuteAsync("drop trigger die on notes; drop function die()");
        using var again = await PostAsync("/add", """{"text":"k","stars":1}""", key);
        using var third = await PostAsync("/add", """{"text":"k","stars":1}""", key);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created, "true"), (again.StatusCode, third.StatusCode, Replayed(third)));
        Assert.Equal("1", await CountAsync("k"));
    }

    [Theory]
    [InlineData("short", "idempotencyKeyMalformed")]
    [InlineData("with blank inside", "idempotencyKeyMalformed")]
    [InlineData(null, "idempotencyKeyRequired")]
    public async Task A_key_that_cannot_be_one_is_refused(string? key, string code)
    {
        using var answer = await PostAsync("/pay", """{"text":"i","stars":1}""", key);

        Assert.Equal((400, code), await ProblemAsync(answer));
    }

    [Fact]
    public async Task A_reply_past_its_time_is_forgotten()
    {
        var key = Guid.NewGuid().ToString();
        using var first = await PostAsync("/add", """{"text":"j","stars":1}""", key);
        await _database.ExecuteAsync("update slipway.idempotency_replies set expires_at = now() - interval '1 second'");
        using var again = await PostAsync("/add", """{"text":"j","stars":1}""", key);

        Assert.Equal("false", Replayed(again));
        Assert.Equal("2", await CountAsync("j"));
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string json, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        return await _service.Client.SendAsync(request, Cancellation);
    }

    private static string Replayed(HttpResponseMessage answer) => answer.Headers.TryGetValues("Idempotency-Replayed", out var values) ? values.Single() : "absent";

    private static async Task<(int, string?)> ProblemAsync(HttpResponseMessage answer)
    {
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!;
        return ((int)answer.StatusCode, (string?)problem["code"]);
    }

    private Task<string> CountAsync(string text) => _database.TextAsync($"select count(*) from notes where text = '{text}'");

    public sealed class Notes(TestPostgres postgres) : IAsyncLifetime
    {
        public TestDatabase Database { get; private set; } = null!;

        public RunningService Service { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Database = await postgres.DatabaseAsync();
            Service = await (await RunningService.StartAsync(Create, Map, Database.Environment)).UntilReadyAsync();
        }

        public ValueTask DisposeAsync() => Service.DisposeAsync();
    }

    private static SlipwayService Create(string[] args)
    {
        var service = SlipwayService.Create("notes", args, options => options.Environment = _ => null);
        service.UseDatabase(typeof(IdempotentTests).Assembly);
        return service;
    }

    private static void Map(WebApplication app)
    {
        var failed = false;
        MapWrite(app, "/add", (note, _) => Task.FromResult(Created(note)));
        MapWrite(app, "/add-too", (note, _) => Task.FromResult(Created(note)));
        MapWrite(app, "/pay", (note, _) => Task.FromResult(Created(note)), required: true);
        MapWrite(app, "/refuse", (_, _) => throw new ProblemException(Problem.Conflict("tooMany", "Too many", "There are enough.")));
        MapWrite(app, "/slow", async (note, tx) =>
        {
            await tx.Command("select pg_sleep(0.3)").ExecuteAsync(CancellationToken.None);
            return Created(note);
        });
        MapWrite(app, "/unavailable-once", (note, _) =>
        {
            (failed, var reply) = (true, failed ? Created(note) : Reply.Of(Problem.Unavailable("away", "Not now.", TimeSpan.FromSeconds(1))));
            return Task.FromResult(reply);
        });
    }

    private static Reply Created(Written note) => Reply.Created($"/notes/{note.Text}", note, WrittenJson.Default.Written, Versions.ETag(7));

    private static void MapWrite(WebApplication app, string path, Func<Written, Npgsql.NpgsqlTransaction, Task<Reply>> answer, bool required = false) =>
        app.MapPost(path, async Task<Reply> (HttpContext http, Sdk.Database.Database database) =>
        {
            var body = await Body.ReadAsync(http.Request, WrittenJson.Default.Written);
            return await Idempotent.RunAsync(
                http,
                database,
                async (tx, c) =>
                {
                    await tx.Command("insert into notes (text) values ($1)", body.Value.Text).ExecuteAsync(c);
                    await tx.AtCommitAsync("insert into notes (text) values ($1)", c, $"{body.Value.Text} at commit");
                    return await answer(body.Value, tx);
                },
                http.RequestAborted,
                required);
        }).OpenToAll("a test");
}
