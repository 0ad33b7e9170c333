using Slipway.Sdk.Hosting;
using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Todo.Insights.Tests;

public sealed class ProviderTests
{
    private const string Todos = """
        {"language":"en","todos":[{"id":"a","title":"Call Anna Smith","description":"in Berlin"},{"id":"b","title":"Buy milk","category":"Shopping"}]}
        """;

    private static string Completion(string content) => new JsonObject
    {
        ["choices"] = new JsonArray(new JsonObject { ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = content } }),
    }.ToJsonString();

    private static RequestDelegate Says(string body, int status = 200) => http =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(body);
    };

    [Fact]
    public async Task A_chat_completion_replaces_what_it_knows_better()
    {
        var seen = new ConcurrentQueue<(string Path, string? Authorization, JsonNode Body)>();
        await using var model = await Neighbour.StartAsync(async http =>
        {
            seen.Enqueue((http.Request.Path, http.Request.Headers.Authorization, (await JsonNode.ParseAsync(http.Request.Body))!));
            await Says(Completion("""
                ```json
                {"summary":"Two things to do.","sentiment":{"score":0.8},
                 "keyPhrases":[{"phrase":"milk","todoIds":["b","nobody"]},{"phrase":"ghost","todoIds":["nobody"]}],
                 "suggestedCategories":[{"todoId":"a","category":"Friends","confidence":7},{"todoId":"b","category":"Other"},{"todoId":"zz","category":"X"}]}
                ```
                """))(http);
        });
        await using var scene = await Scene.StartAsync(("OPENAI_URL", model.Address + "v1"), ("OPENAI_KEY", "key-1"), ("OPENAI_MODEL", "small"));

        var (status, found) = await scene.PostAsync("/insights", Todos);

        Assert.Equal((200, "openai"), (status, (string?)found["provider"]));
        Assert.Empty(found["warnings"]!.AsArray());
        Assert.Equal("Two things to do.", (string?)found["summary"]!["text"]);
        Assert.Equal(2, (int?)found["summary"]!["total"]);
        Assert.Equal("positive", (string?)found["sentiment"]!["label"]);
        Assert.Equal("""[{"phrase":"milk","count":1,"todoIds":["b"]}]""", found["keyPhrases"]!.ToJsonString());
        var category = Assert.Single(found["suggestedCategories"]!.AsArray())!;
        Assert.Equal(("a", "Friends", 1.0), ((string?)category["todoId"], (string?)category["category"], (double?)category["confidence"]));
        var (path, authorization, body) = Assert.Single(seen);
        Assert.Equal(("/v1/chat/completions", "Bearer key-1", "small"), (path, authorization, (string?)body["model"]));
    }

    [Fact]
    public async Task Googles_entities_are_led_back_to_their_todos()
    {
        var seen = new ConcurrentQueue<(string Path, string? Key, JsonNode Body)>();
        await using var google = await Neighbour.StartAsync(async http =>
        {
            seen.Enqueue((http.Request.Path, http.Request.Headers["X-Goog-Api-Key"], (await JsonNode.ParseAsync(http.Request.Body))!));
            await Says("""
                {"documentSentiment":{"score":-0.6,"magnitude":1},"language":"en","entities":[
                  {"type":"PERSON","mentions":[{"text":{"content":"Anna Smith","beginOffset":5}}]},
                  {"type":"LOCATION","mentions":[{"text":{"content":"Berlin","beginOffset":19}},{"text":{"content":"Berlin","beginOffset":2}},{"text":{"content":"Berlin","beginOffset":-9}}]},
                  {"type":"OTHER","mentions":[{"text":{"content":"milk","beginOffset":30}}]}]}
                """)(http);
        });
        await using var scene = await Scene.StartAsync(("LANGUAGE_URL", google.Address.ToString()), ("LANGUAGE_KEY", "key-2"));

        var (_, found) = await scene.PostAsync("/insights", Todos);

        Assert.Equal("google", (string?)found["provider"]);
        Assert.Equal("negative", (string?)found["sentiment"]!["label"]);
        Assert.Equal(
            """[{"type":"person","text":"Anna Smith","todoId":"a","start":5,"length":10},{"type":"place","text":"Berlin","todoId":"a","start":19,"length":6}]""",
            found["entities"]!.ToJsonString());
        var (path, key, body) = Assert.Single(seen);
        Assert.Equal(("/v1/documents:annotateText", "key-2", "UTF16"), (path, key, (string?)body["encodingType"]));
    }

    [Theory]
    [InlineData(500, "{}", "status 500")]
    [InlineData(401, "{}", "status 401")]
    [InlineData(302, "", "status 302")]
    [InlineData(200, "<html>", "not the JSON")]
    [InlineData(200, "", "not the JSON")]
    [InlineData(200, "{}", "no message")]
    [InlineData(200, "[1,2]", "no message")]
    [InlineData(200, """{"choices":[]}""", "no message")]
    [InlineData(200, """{"choices":[{"message":{"content":"I would rather not."}}]}""", "not the JSON")]
    [InlineData(200, """{"choices":[{"message":{"content":"{\"summary\":\"x\",\"sentiment\":{\"score\":9}}"}}]}""", "sentiment from -1 to 1")]
    public async Task A_provider_that_fails_or_talks_nonsense_is_replaced(int status, string body, string why)
    {
        await using var model = await Neighbour.StartAsync(Says(body, status));
        await using var scene = await Scene.StartAsync(("OPENAI_URL", model.Address.ToString()));

        await StandsIn(scene, why);
    }

    [Fact]
    public async Task A_provider_that_never_answers_is_given_up()
    {
        await using var model = await Neighbour.StartAsync(http => Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted));
        await using var scene = await Scene.StartAsync(("OPENAI_URL", model.Address.ToString()), ("PROVIDER_TIMEOUT_MS", "200"));

        await StandsIn(scene, "did not answer within 0.2 s");
    }

    [Fact]
    public async Task A_provider_that_trickles_is_given_up_too()
    {
        await using var model = await Neighbour.StartAsync(async http =>
        {
            await http.Response.WriteAsync("{\"choices\":");
            await http.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted);
        });
        await using var scene = await Scene.StartAsync(("OPENAI_URL", model.Address.ToString()), ("PROVIDER_TIMEOUT_MS", "300"));

        await StandsIn(scene, "did not answer within 0.3 s");
    }

    [Fact]
    public async Task A_provider_that_hangs_up_or_floods_is_replaced()
    {
        await using var rude = await Neighbour.StartAsync(http =>
        {
            http.Abort();
            return Task.CompletedTask;
        });
        await using var flood = await Neighbour.StartAsync(Says(new string(' ', 1_100_000) + "{}"));
        await using var first = await Scene.StartAsync(("OPENAI_URL", rude.Address.ToString()));
        await using var second = await Scene.StartAsync(("LANGUAGE_URL", flood.Address.ToString()));
        await using var nobody = await Scene.StartAsync(("LANGUAGE_URL", "http://127.0.0.1:1"));

        await StandsIn(first, "connection failed");
        await StandsIn(second, "too large");
        await StandsIn(nobody, "connection failed");
    }

    [Fact]
    public async Task A_provider_that_keeps_failing_is_left_alone_for_a_while()
    {
        var calls = 0;
        await using var model = await Neighbour.StartAsync(http =>
        {
            Interlocked.Increment(ref calls);
            return Says("{}", 500)(http);
        });
        await using var scene = await Scene.StartAsync(("OPENAI_URL", model.Address.ToString()));

        for (var round = 0; round < 3; round++)
        {
            await StandsIn(scene, "status 500");
        }

        await StandsIn(scene, "left alone");
        Assert.Equal(3, calls);
    }

    [Theory]
    [InlineData("OPENAI_URL is an address", "OPENAI_URL", "ftp://x", "OPENAI_URL")]
    [InlineData("provider is known", "INSIGHTS_PROVIDER", "clippy", "INSIGHTS_PROVIDER")]
    [InlineData("provider has its address", "INSIGHTS_PROVIDER", "google", "LANGUAGE_URL")]
    [InlineData("time limit is sane", "PROVIDER_TIMEOUT_MS", "1", "PROVIDER_TIMEOUT_MS")]
    public void Wrong_settings_are_named_before_anything_starts(string rule, string name, string value, string named)
    {
        Assert.NotEmpty(rule);
        var mistakes = Assert.Throws<Slipway.Sdk.Settings.SettingsException>(
            () => InsightsService.Create(["--set", $"{name}={value}"], options => options.Environment = _ => null).Build(InsightsService.Map)).Mistakes;

        Assert.Contains(mistakes, mistake => mistake.Contains(named, StringComparison.Ordinal));
    }

    private static async Task StandsIn(Scene scene, string why)
    {
        var (status, found) = await scene.PostAsync("/insights", Todos);

        Assert.Equal((200, "embedded"), (status, (string?)found["provider"]));
        var warning = Assert.Single(found["warnings"]!.AsArray())!;
        Assert.Equal("providerUnavailable", (string?)warning["code"]);
        Assert.Contains(why, (string?)warning["detail"], StringComparison.Ordinal);
        Assert.Contains(found["entities"]!.AsArray(), entity => (string?)entity!["text"] == "Anna Smith");
    }
}
