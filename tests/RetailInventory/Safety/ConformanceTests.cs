using Retail.Inventory;
using Slipway.RetailInventory.Tests.Scenes;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;

namespace Slipway.RetailInventory.Tests.Safety;

/// <summary>The rules every service keeps.</summary>
public sealed class ConformanceTests(InventorySubject subject) : ConformanceSuite(subject), IClassFixture<InventorySubject>;

public sealed class InventorySubject(TestPostgres postgres, Identity identity) : ConformanceSubject
{
    private TestDatabase? _database;

    public override string QueryPath => "/api/v1/inventory";

    public override string BodyPath => "/api/v1/inventory/release";

    public override string ValidBody => """{"orderId":"01990000-0000-7000-8000-0000000000aa"}""";

    public override async Task<RunningService> StartAsync()
    {
        _database ??= await postgres.DatabaseAsync();
        return await RunningService.StartAsync(InventoryService.Create, InventoryService.Map, _database.Environment.Concat(identity.Issuer.Environment).ToDictionary());
    }

    public override void Authorize(HttpRequestMessage request) =>
        request.Headers.Authorization = new("Bearer", identity.Issuer.Token("retail", scopes: StockScene.AllScopes, roles: ["admin"]));
}
