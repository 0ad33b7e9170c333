using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Retail.Cart;
using Retail.Contracts;
using Slipway.RetailCart.Tests.Scenes;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;

[assembly: AssemblyFixture(typeof(TestPostgres))]
[assembly: AssemblyFixture(typeof(Identity))]
[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]

namespace Slipway.RetailCart.Tests.Scenes;

/// <summary>Signs tokens for the whole assembly.</summary>
public sealed class Identity : IAsyncLifetime
{
    public TestIssuer Issuer { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Issuer = await TestIssuer.StartAsync();

    public ValueTask DisposeAsync() => Issuer.DisposeAsync();
}

/// <summary>The service with a database of its own, and the catalogue and the orders service beside it; one per test class.</summary>
public sealed class CartScene(TestPostgres postgres, Identity identity) : IAsyncLifetime
{
    public static readonly string[] AllScopes = ["retail.carts:read", "retail.carts:write", "retail.orders:write"];

    private int _names;

    public TestDatabase Database { get; private set; } = null!;

    public RunningService Service { get; private set; } = null!;

    public ShopNeighbours Shop { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await postgres.DatabaseAsync();
        Shop = await ShopNeighbours.StartAsync();
        Service = await (await StartAsync()).UntilReadyAsync();
    }

    /// <summary>Another instance on the same database.</summary>
    public Task<RunningService> StartAsync(params (string Name, string Value)[] settings)
    {
        var environment = Database.Environment.Concat(identity.Issuer.Environment).ToDictionary();
        environment["LIMITS"] = "off";
        environment["CATALOG_URL"] = Shop.Catalog.GetLeftPart(UriPartial.Authority);
        environment["ORDERS_URL"] = Shop.Orders.GetLeftPart(UriPartial.Authority);
        environment["CALL_RETRIES"] = "0";
        environment["CALL_BREAKER_RESET_MS"] = "500";
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        return RunningService.StartAsync(CartService.Create, CartService.Map, environment);
    }

    public Shopper Guest() => new("guest-" + Guid.NewGuid(), Service.NewClient());

    public Shopper Customer(params string[] scopes)
    {
        var id = Guid.CreateVersion7();
        var client = Service.NewClient();
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", identity.Issuer.Token("retail", id, scopes.Length == 0 ? AllScopes : scopes, ["customer"]));
        return new Shopper(id.ToString(), client);
    }

    /// <summary>A new SKU at that price, told of by the catalogue.</summary>
    public async Task<string> ProductAsync(long priceMinor = 1000, Guid? id = null, long version = 1)
    {
        var sku = $"SKU-{Interlocked.Increment(ref _names)}";
        await PriceAsync(id ?? Guid.CreateVersion7(), version, sku, priceMinor);
        return sku;
    }

    public Task PriceAsync(Guid id, long version, string sku, long priceMinor, bool active = true) => TellAsync(
        "products", EventTypes.ProductUpdated, ContractsJson.Default.ProductChanged, new ProductChanged
        {
            ProductId = id, Version = version, Name = "Thing", Category = "things", VendorId = Guid.Empty, Active = active, Variants = [new ProductVariant(sku, null, priceMinor, "EUR")],
        });

    public Task StockAsync(string sku, long available, long version) => TellAsync(
        "inventory", EventTypes.InventoryUpdated, ContractsJson.Default.StockChanged, new StockChanged(sku, null, available, available, 0, version));

    public async Task TellAsync<T>(string consumer, string type, JsonTypeInfo<T> shape, T data)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/events/" + consumer) { Content = new StringContent(JsonSerializer.Serialize(data, shape), Encoding.UTF8, "application/json") };
        request.Headers.Add("ce-id", Guid.CreateVersion7().ToString());
        request.Headers.Add("ce-source", "/test");
        request.Headers.Add("ce-type", type);
        request.Headers.Add("ce-specversion", "1.0");
        Shopper.Expect(await Answer.OfAsync(Service.Client, request), 204);
    }

    public async ValueTask DisposeAsync()
    {
        if (Service is not null)
        {
            await Service.DisposeAsync();
        }

        if (Shop is not null)
        {
            await Shop.DisposeAsync();
        }
    }
}
