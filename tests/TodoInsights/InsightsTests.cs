using System.Text.Json.Nodes;

namespace Todo.Insights.Tests;

public sealed class InsightsTests : IAsyncLifetime
{
    private const string Some = """
        {"now":"2026-01-07T09:00:00Z","timeZone":"Europe/Berlin","language":"en","todos":[
          {"id":"1","title":"Pay the electricity bill, already overdue!","description":"Call Anna Smith first","dueDate":"2026-01-05"},
          {"id":"2","title":"Call the dentist","dueDate":"2026-01-07T22:30:00Z"},
          {"id":"3","title":"Phone dentist","category":"Health","completed":false,"priority":"high","effortMinutes":600,"dueDate":"2026-01-07"},
          {"id":"4","title":"Buy milk","completed":true,"category":"Shopping"}]}
        """;

    private Scene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await Scene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Theory]
    [InlineData("/insights")]
    [InlineData("/api/v1/insights")]
    public async Task Todos_are_analysed_with_evidence(string path)
    {
        var (status, found) = await _scene.PostAsync(path, Some);

        Assert.Equal(200, status);
        Assert.Equal("embedded", (string?)found["provider"]);
        Assert.Empty(found["warnings"]!.AsArray());
        Assert.Contains("3 of 4 todos are open", (string?)found["summary"]!["text"], StringComparison.Ordinal);
        Assert.Equal("negative", (string?)found["sentiment"]!["label"]);
        Assert.NotEmpty(found["sentiment"]!["evidence"]!.AsArray());
        Assert.Equal(2, (int?)found["overdue"]![0]!["days"]);
        Assert.Equal("high", (string?)found["priorities"]![0]!["priority"]);
        Assert.Equal("finance", (string?)found["suggestedCategories"]![0]!["category"]);
        Assert.Contains(found["entities"]!.AsArray(), entity => (string?)entity!["text"] == "Anna Smith" && (string?)entity["type"] == "person");
        Assert.Equal(["2", "3"], found["duplicates"]![0]!["todoIds"]!.AsArray().Select(id => (string?)id));
        Assert.Equal(600, (int?)found["effort"]!.AsArray().Single(effort => (string?)effort!["todoId"] == "3")!["minutes"]);
        Assert.Equal("2026-01-07", (string?)found["overload"]![0]!["date"]);
        Assert.Equal(25, (double?)found["productivity"]!["completionPercent"]);
        foreach (var member in new[] { "keyPhrases", "dates", "topics" })
        {
            Assert.IsType<JsonArray>(found[member]);
        }
    }

    [Fact]
    public async Task An_instant_counts_as_the_day_of_the_callers_zone()
    {
        var (_, found) = await _scene.PostAsync("/insights", Some);

        // 22:30 UTC is past eleven in Berlin, still the same day; two todos are due then and one was before.
        Assert.Equal(2, (int?)found["summary"]!["dueToday"]);
    }

    [Fact]
    public async Task Nothing_to_analyse_is_fine()
    {
        var (status, found) = await _scene.PostAsync("/insights", """{"todos":[]}""");

        Assert.Equal(200, status);
        Assert.Equal("There are no todos.", (string?)found["summary"]!["text"]);
    }

    [Theory]
    [InlineData("""{}""", "/todos", "required")]
    [InlineData("""{"todos":[{"title":"x"}]}""", "/todos/0/id", "required")]
    [InlineData("""{"todos":[{"id":"1"}]}""", "/todos/0/title", "required")]
    [InlineData("""{"todos":[{"id":"1","title":"a"},{"id":"1","title":"b"}]}""", "/todos/1/id", "repeated")]
    [InlineData("""{"todos":[{"id":"1","title":"a","dueDate":"soon"}]}""", "/todos/0/dueDate", "notADate")]
    [InlineData("""{"todos":[{"id":"1","title":"a","priority":"huge"}]}""", "/todos/0/priority", "notOneOf")]
    [InlineData("""{"todos":[{"id":"1","title":"a","effortMinutes":-1}]}""", "/todos/0/effortMinutes", "outOfRange")]
    [InlineData("""{"todos":[],"timeZone":"Atlantis"}""", "/timeZone", "unknownTimeZone")]
    [InlineData("""{"todos":[],"now":"noon"}""", "/now", "notAnInstant")]
    public async Task What_is_wrong_is_named(string body, string pointer, string code)
    {
        var (status, problem) = await _scene.PostAsync("/insights", body);

        Assert.Equal(422, status);
        Assert.Contains(problem["errors"]!.AsArray(), error => (string?)error!["pointer"] == pointer && (string?)error["code"] == code);
    }

    [Fact]
    public async Task A_member_nobody_knows_is_refused()
    {
        var (status, problem) = await _scene.PostAsync("/insights", """{"todos":[{"id":"1","title":"a","secret":1}]}""");

        Assert.Equal(422, status);
        Assert.Equal("/todos/0/secret", (string?)problem["errors"]![0]!["pointer"]);
    }

    [Fact]
    public async Task More_than_one_request_may_hold_is_refused()
    {
        var many = string.Join(',', Enumerable.Range(0, 501).Select(number => $$"""{"id":"{{number}}","title":"x"}"""));
        var long21 = string.Join(',', Enumerable.Range(0, 21).Select(number => $$"""{"id":"{{number}}","title":"x","description":"{{new string('y', 10_000)}}"}"""));

        Assert.Equal("tooMany", (string?)(await _scene.PostAsync("/insights", $$"""{"todos":[{{many}}]}""")).Body["errors"]![0]!["code"]);
        Assert.Equal("tooMuchText", (string?)(await _scene.PostAsync("/insights", $$"""{"todos":[{{long21}}]}""")).Body["errors"]![0]!["code"]);
        Assert.Equal(413, (await _scene.PostAsync("/insights", $$"""{"todos":[{"id":"1","title":"{{new string('z', 1_100_000)}}"}]}""")).Status);
    }

    [Fact]
    public async Task The_largest_request_is_answered()
    {
        var words = string.Join(' ', Enumerable.Range(0, 40).Select(number => $"word{number} Anna urgent"));
        var todos = string.Join(',', Enumerable.Range(0, 500).Select(number => $$"""{"id":"{{number}}","title":"Todo {{number}}","description":"{{words[..380]}}"}"""));

        var (status, found) = await _scene.PostAsync("/insights", $$"""{"todos":[{{todos}}]}""");

        Assert.Equal(200, status);
        Assert.Equal(500, found["priorities"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_typed_line_is_parsed()
    {
        var (status, parsed) = await _scene.PostAsync(
            "/api/v1/parse", """{"text":"Call Ann tomorrow 15:00 #family !high @work","timeZone":"Europe/Berlin","language":"en","now":"2026-01-07T09:00:00Z"}""");

        Assert.Equal(200, status);
        Assert.Equal(
            """{"title":"Call Ann","due":{"date":"2026-01-08","time":"15:00","timeZone":"Europe/Berlin"},"recurrence":null,"priority":"high","tags":["family"],"category":"work"}""",
            new JsonObject(parsed.AsObject().Where(member => member.Key != "spans").Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))).ToJsonString());
        Assert.Equal("""{"start":9,"length":8,"kind":"date","text":"tomorrow"}""", parsed["spans"]![0]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{}""", "/text", "required")]
    [InlineData("""{"text":" "}""", "/text", "required")]
    [InlineData("""{"text":"x","timeZone":"Mars/Olympus"}""", "/timeZone", "unknownTimeZone")]
    public async Task A_line_that_cannot_be_parsed_says_why(string body, string pointer, string code)
    {
        var (status, problem) = await _scene.PostAsync("/api/v1/parse", body);

        Assert.Equal(422, status);
        Assert.Equal((pointer, code), ((string?)problem["errors"]![0]!["pointer"], (string?)problem["errors"]![0]!["code"]));
    }

    [Fact]
    public async Task The_document_describes_every_call()
    {
        var document = JsonNode.Parse(await _scene.Service.Client.GetStringAsync("/openapi/v1.json", Scene.Cancellation))!;

        Assert.Equal(["/api/v1/insights", "/api/v1/parse", "/insights"], document["paths"]!.AsObject().Select(path => path.Key).Order(StringComparer.Ordinal));
        Assert.All(document["paths"]!.AsObject(), path =>
        {
            Assert.NotNull(path.Value!["post"]!["operationId"]);
            Assert.NotNull(path.Value["post"]!["requestBody"]);
            Assert.NotNull(path.Value["post"]!["responses"]!["200"]!["content"]);
        });
    }

    [Theory]
    [InlineData("/insights")]
    [InlineData("/api/v1/insights")]
    [InlineData("/api/v1/parse")]
    public async Task Only_who_may_read_insights_gets_in(string path)
    {
        Assert.Equal(401, (await _scene.PostAsync(path, "{}", token: "")).Status);
        Assert.Equal(401, (await _scene.PostAsync(path, "{}", _scene.Token(InsightsService.Scope, audience: "retail"))).Status);
        var (status, problem) = await _scene.PostAsync(path, "{}", _scene.Token("todo.todos:read"));
        Assert.Equal((403, "missingScope"), (status, (string?)problem["code"]));
    }
}
