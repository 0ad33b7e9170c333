using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;
using Slipway.TitanicApi.Tests.Scenes;
using Titanic.Api;

namespace Slipway.TitanicApi.Tests.Safety;

/// <summary>The rules every service keeps.</summary>
public sealed class ConformanceTests(TitanicSubject subject) : ConformanceSuite(subject), IClassFixture<TitanicSubject>;

/// <summary>The rules for writes.</summary>
public sealed class WriteConformanceTests(TitanicWrites subject) : WriteConformanceSuite(subject), IClassFixture<TitanicWrites>;

public sealed class TitanicSubject(TestPostgres postgres, Identity identity) : ConformanceSubject
{
    private TestDatabase? _database;

    public override string QueryPath => "/api/v1/people";

    public override string BodyPath => "/api/v1/people";

    public override string ValidBody => """{"survived":true,"passengerClass":1,"name":"x","sex":"other"}""";

    public override string? SourceFolder => "apps/titanic/Titanic.Api";

    public override async Task<RunningService> StartAsync()
    {
        _database ??= await postgres.DatabaseAsync();
        return await TitanicWrites.StartAsync(_database, identity);
    }

    public override void Authorize(HttpRequestMessage request) =>
        request.Headers.Authorization = new("Bearer", identity.Issuer.Token("titanic", scopes: TitanicScene.AllScopes));
}

public sealed class TitanicWrites(TestPostgres postgres, Identity identity) : WriteSubject
{
    private static readonly Guid s_one = Guid.CreateVersion7();
    private static readonly Guid s_other = Guid.CreateVersion7();

    private TestDatabase _database = null!;

    public override string CollectionPath => "/people";

    public override string NewBody(string name) => $$"""{"survived":false,"passengerClass":2,"name":"{{name}}","sex":"female","age":30.5}""";

    public override string Patch(string name) => $$"""{"name":"{{name}}"}""";

    public override async Task<int> CountAsync(string name) => int.Parse(await _database.AsTenantAsync("titanic", "select count(*) from people where name = $1", name));

    public override async Task<RunningService> StartAsync()
    {
        _database = await postgres.DatabaseAsync();
        return await StartAsync(_database, identity);
    }

    public override void Authorize(HttpRequestMessage request, bool second = false) =>
        request.Headers.Authorization = new("Bearer", identity.Issuer.Token("titanic", second ? s_other : s_one, TitanicScene.AllScopes));

    public static async Task<RunningService> StartAsync(TestDatabase database, Identity identity) =>
        await (await RunningService.StartAsync(TitanicService.Create, TitanicService.Map, database.Environment.Concat(identity.Issuer.Environment).ToDictionary())).UntilReadyAsync();
}
