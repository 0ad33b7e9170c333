using System.Text.Json;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Sample;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Tests.Documents;

public sealed class ServiceDocumentTests : IAsyncLifetime
{
    private RunningService _service = null!;
    private JsonElement _document;

    public async ValueTask InitializeAsync()
    {
        _service = await RunningService.StartAsync(SampleService.Create, SampleService.Map);
        using var document = JsonDocument.Parse(await _service.Client.GetStringAsync("/openapi/v1.json"));
        _document = document.RootElement.Clone();
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public void Bodies_and_answers_have_the_shape_in_which_they_are_read_and_written()
    {
        var note = At("components", "schemas", "Note");
        var create = At("paths", "/api/v1/notes", "post");

        Assert.Equal("#/components/schemas/Note", create.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString());
        Assert.Equal("#/components/schemas/Note", create.GetProperty("responses").GetProperty("201").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString());
        Assert.Equal("string", note.GetProperty("properties").GetProperty("text").GetProperty("type").GetString());
        Assert.Equal("""["integer","null"]""", Compact(note.GetProperty("properties").GetProperty("stars").GetProperty("type")));
        Assert.Equal("#/components/schemas/Line", note.GetProperty("properties").GetProperty("lines").GetProperty("items").GetProperty("$ref").GetString());
        Assert.Equal("date", At("components", "schemas", "Line").GetProperty("properties").GetProperty("due").GetProperty("format").GetString());
        Assert.Equal("""{"type":"string","enum":["calm","veryHappy"]}""", Compact(note.GetProperty("properties").GetProperty("mood")));
        Assert.Equal("""["text"]""", Compact(note.GetProperty("required")));
        Assert.False(note.GetProperty("additionalProperties").GetBoolean());
    }

    [Fact]
    public void A_body_is_shown_as_people_would_send_it() =>
        Assert.Equal("""{"text":"Buy milk"}""", Compact(At("paths", "/api/v1/notes", "post", "requestBody", "content", "application/json", "example")));

    [Fact]
    public void Problems_of_an_operation_are_told_by_their_codes_and_the_usual_ones_referred_to()
    {
        var responses = At("paths", "/api/v1/notes", "post", "responses");
        var few = responses.GetProperty("409");

        Assert.Equal("tooFewStars: Too few stars.", few.GetProperty("description").GetString());
        var shown = few.GetProperty("content").GetProperty("application/problem+json").GetProperty("examples").GetProperty("tooFewStars").GetProperty("value");
        Assert.Equal("/problems/too-few-stars", shown.GetProperty("type").GetString());
        Assert.True(responses.GetProperty("503").TryGetProperty("content", out _));
        Assert.Equal("#/components/responses/Problem", responses.GetProperty("422").GetProperty("$ref").GetString());
    }

    [Fact]
    public void A_code_nobody_explained_is_a_mistake_of_the_service()
    {
        var texts = new ProblemTexts();

        var mistake = Assert.Throws<ServiceMistakeException>(() => new ProblemAnswers(texts).Of(["outOfLuck"], "createNote").ToList());

        Assert.Contains("createNote refuses with outOfLuck", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_of_address_and_query_are_told()
    {
        var id = At("paths", "/api/v1/notes/{id}", "get").GetProperty("parameters")[0];
        var query = At("paths", "/api/v1/notes", "get").GetProperty("parameters");

        Assert.Equal(("id", "path", "uuid"), (id.GetProperty("name").GetString(), id.GetProperty("in").GetString(), id.GetProperty("schema").GetProperty("format").GetString()));
        Assert.Equal(["text", "stars"], query.EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()!));
    }

    [Fact]
    public void Who_may_call_is_told()
    {
        Assert.Equal("""[{"bearer":["sample.secrets:read"]}]""", Compact(At("paths", "/api/v1/secrets", "get").GetProperty("security")));
        Assert.True(At("paths", "/api/v1/secrets", "get").GetProperty("responses").TryGetProperty("403", out _));
        Assert.False(At("paths", "/api/v1/few", "get").TryGetProperty("security", out _));
    }

    [Fact]
    public void What_has_no_name_is_called_after_what_it_does() =>
        Assert.Equal("getNotesById", At("paths", "/api/v1/notes/{id}", "get").GetProperty("operationId").GetString());

    [Fact]
    public void Health_and_the_document_itself_are_no_part_of_it() =>
        Assert.DoesNotContain(At("paths").EnumerateObject(), path => path.Name is "/live" or "/ready" or "/metrics" or "/openapi/v1.json" or "/docs");

    [Fact]
    public async Task The_page_and_its_parts_come_from_the_service()
    {
        foreach (var (path, type) in ((string, string)[])[("/docs", "text/html"), ("/docs/docs.js", "text/javascript"), ("/docs/docs.css", "text/css")])
        {
            using var response = await _service.Client.GetAsync(path);
            Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
            Assert.NotEmpty(await response.Content.ReadAsByteArrayAsync());
        }
    }

    private JsonElement At(params string[] names) => names.Aggregate(_document, (element, name) => element.GetProperty(name));

    private static string Compact(JsonElement element) => System.Text.Json.Nodes.JsonNode.Parse(element.GetRawText())!.ToJsonString();
}
