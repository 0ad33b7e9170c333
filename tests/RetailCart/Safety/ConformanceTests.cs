using Microsoft.Extensions.DependencyInjection;
using Retail.Cart;
using Slipway.RetailCart.Tests.Scenes;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;

namespace Slipway.RetailCart.Tests.Safety;

/// <summary>The rules every service keeps.</summary>
public sealed class ConformanceTests(CartSubject subject) : ConformanceSuite(subject), IClassFixture<CartSubject>;

public sealed class CartSubject(TestPostgres postgres, Identity identity) : ConformanceSubject
{
    private static readonly string s_guest = "guest-" + Guid.NewGuid();

    private TestDatabase? _database;

    public override string QueryPath => "/api/v1/cart/" + s_guest;

    public override string BodyPath => "/api/v1/cart/items";

    public override string ValidBody => $$"""{"customer_id":"{{s_guest}}","product_id":"A-1"}""";

    public override async Task<RunningService> StartAsync()
    {
        _database ??= await postgres.DatabaseAsync();
        return await RunningService.StartAsync(CartService.Create, CartService.Map, _database.Environment.Concat(identity.Issuer.Environment).ToDictionary());
    }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Service.UntilReadyAsync();
        await _database!.ExecuteAsync(
            "insert into product_view (sku, product_id, name, price_minor, active, is_default, version) values ('A-1', gen_random_uuid(), 'Thing', 100, true, true, 1)");
    }
}
