using Microsoft.Extensions.DependencyInjection;
using Retail.Catalog;
using Retail.Catalog.Seeding;
using Slipway.RetailCatalog.Tests.Scenes;
using Slipway.Sdk.Database;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;

namespace Slipway.RetailCatalog.Tests.Safety;

/// <summary>The rules every service keeps.</summary>
public sealed class ConformanceTests(CatalogSubject subject) : ConformanceSuite(subject), IClassFixture<CatalogSubject>;

/// <summary>The rules for writes.</summary>
public sealed class WriteConformanceTests(CatalogWrites subject) : WriteConformanceSuite(subject), IClassFixture<CatalogWrites>;

public sealed class CatalogSubject(TestPostgres postgres, Identity identity) : ConformanceSubject
{
    private static readonly Guid s_vendor = Guid.CreateVersion7();

    private TestDatabase? _database;

    public override string QueryPath => "/api/v1/products";

    public override string BodyPath => "/api/v1/products";

    public override string ValidBody => """{"name":"x","category":"cookware","price":1}""";

    public override async Task<RunningService> StartAsync()
    {
        _database ??= await postgres.DatabaseAsync();
        return await CatalogWrites.StartAsync(_database, identity);
    }

    public override void Authorize(HttpRequestMessage request) =>
        request.Headers.Authorization = new("Bearer", identity.Issuer.Token("retail", s_vendor, CatalogScene.AllScopes, ["vendor"]));
}

public sealed class CatalogWrites(TestPostgres postgres, Identity identity) : WriteSubject
{
    private static readonly Guid s_vendor = Guid.CreateVersion7();
    private static readonly Guid s_other = Guid.CreateVersion7();

    private TestDatabase _database = null!;

    public override string CollectionPath => "/api/v1/products";

    public override string NewBody(string name) => $$"""{"name":"{{name}}","category":"cookware","price":12.5}""";

    public override string Patch(string name) => $$"""{"name":"{{name}}"}""";

    public override async Task<int> CountAsync(string name) => int.Parse(await _database.TextAsync($"select count(*) from products where name = '{name}'"));

    public override async Task<RunningService> StartAsync()
    {
        _database = await postgres.DatabaseAsync();
        return await StartAsync(_database, identity);
    }

    public override void Authorize(HttpRequestMessage request, bool second = false) =>
        request.Headers.Authorization = new("Bearer", identity.Issuer.Token("retail", second ? s_other : s_vendor, CatalogScene.AllScopes, ["vendor"]));

    public static async Task<RunningService> StartAsync(TestDatabase database, Identity identity)
    {
        var service = await RunningService.StartAsync(CatalogService.Create, CatalogService.Map, database.Environment.Concat(identity.Issuer.Environment).ToDictionary());
        await service.UntilReadyAsync();
        await service.Services.GetRequiredService<Database>().WriteAsync(
            (transaction, cancellation) => Seed.SaveShelvesAsync(transaction, SeedFile.Read(), cancellation), CancellationToken.None);
        return service;
    }
}
