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

    public override async Task<RunningService> StartAsync()
    {
        _database ??= await postgres.DatabaseAsync();
        var environment = _database.Environment.Concat(identity.Issuer.Environment).ToDictionary();
        return await RunningService.StartAsync(TodoApiService.Create, TodoApiService.Map, environment);
    }

    public override void Authorize(HttpRequestMessage request) =>
        request.Headers.Authorization = new("Bearer", identity.Issuer.Token("todo", s_person, TodoScene.AllScopes));
}
