using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;
using Slipway.TodoApi.Tests.Scenes;
using Todo.Api;

namespace Slipway.TodoApi.Tests.Safety;

/// <summary>The rules every service keeps.</summary>
public sealed class ConformanceTests(TodoSubject subject) : ConformanceSuite(subject), IClassFixture<TodoSubject>;

public sealed class TodoSubject(TestPostgres postgres, Identity identity) : ConformanceSubject
{
    private static readonly Guid s_person = Guid.CreateVersion7();

    private TestDatabase? _database;

    public override string QueryPath => "/api/v1/todos";

    public override string BodyPath => "/api/v1/todos";

    public override string ValidBody => """{"title":"x"}""";

    public override string SourceFolder => "apps/todo/Todo.Api";

    public override async Task<RunningService> StartAsync()
    {
        _database ??= await postgres.DatabaseAsync();
        var environment = _database.Environment.Concat(identity.Issuer.Environment).ToDictionary();
        return await RunningService.StartAsync(TodoApiService.Create, TodoApiService.Map, environment);
    }

    public override void Authorize(HttpRequestMessage request) =>
        request.Headers.Authorization = new("Bearer", identity.Issuer.Token("todo", s_person, TodoScene.AllScopes));
}

/// <summary>What the service tells about itself.</summary>
public sealed class DocumentTests(TodoScene scene) : IClassFixture<TodoScene>
{
    [Fact]
    public async Task The_document_names_every_call_with_its_bodies_and_answers()
    {
        var document = (await scene.Person().GetAsync("/openapi/v1.json")).Json();

        var operations = document.GetProperty("paths").EnumerateObject()
            .Where(path => path.Name.StartsWith("/api/v1/", StringComparison.Ordinal) || path.Name.StartsWith("/todos", StringComparison.Ordinal))
            .SelectMany(path => path.Value.EnumerateObject()).ToList();
        Assert.Equal(Attempt.On(new Secrets("", "", Guid.Empty, "", "", "")).Count, operations.Count);
        Assert.All(operations, operation =>
        {
            Assert.False(string.IsNullOrEmpty(operation.Value.GetProperty("operationId").GetString()));
            Assert.False(string.IsNullOrEmpty(operation.Value.GetProperty("summary").GetString()));
            Assert.Contains(operation.Value.GetProperty("responses").EnumerateObject(), response => response.Name[0] == '2');
        });
        var create = document.GetProperty("paths").GetProperty("/api/v1/todos").GetProperty("post");
        Assert.True(create.TryGetProperty("requestBody", out _));
        Assert.True(create.GetProperty("responses").TryGetProperty("201", out _));
    }
}
