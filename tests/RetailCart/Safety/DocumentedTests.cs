using Microsoft.Extensions.DependencyInjection;
using Retail.Cart;
using Slipway.RetailCart.Tests.Scenes;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;

namespace Slipway.RetailCart.Tests.Safety;

/// <summary>What the service's document says about itself.</summary>
public sealed class DocumentedTests(CartScene scene) : IClassFixture<CartScene>
{
    [Fact]
    public async Task Health_has_the_documented_members()
    {
        var guest = scene.Guest();
        var answer = await guest.SendAsync("GET", "/health");
        var health = Shopper.Expect(answer, 200);

        Assert.Equal(("healthy", "2.0.0", "connected", "development"), (Text("status"), Text("version"), Text("database"), Text("environment")));
        Assert.EndsWith("Z", Text("timestamp"), StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.Equal(200, (await guest.SendAsync("GET", "/health/live")).Status);
        await using var other = await scene.StartAsync(("ENVIRONMENT", "production"));
        Assert.Equal("production", Shopper.Expect(await new Shopper("", other.NewClient()).SendAsync("GET", "/health"), 200).GetProperty("environment").GetString());

        string Text(string name) => health.GetProperty(name).GetString()!;
    }

    [Fact]
    public async Task Metrics_have_the_documented_names()
    {
        var guest = scene.Guest();
        Shopper.Expect(await guest.AddAsync(await scene.ProductAsync(), 2), 201);
        Shopper.Expect(await guest.CheckOutAsync(), 201);

        var metrics = (await guest.SendAsync("GET", "/metrics")).Body;

        foreach (var name in new[] { "http_requests_total{", "http_request_duration_seconds_count{", "carts_active ", "cart_items_added_total ", "checkouts_total{result=\"ordered\"}" })
        {
            Assert.Contains("\n" + name, metrics, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(guest.Id, metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_and_indexes_are_the_documented_ones()
    {
        Assert.Equal(
            "created_at,customer_id,id,updated_at",
            await scene.Database.TextAsync("select string_agg(column_name, ',' order by column_name) from information_schema.columns where table_schema = 'public' and table_name = 'carts' and column_name <> 'version'"));
        Assert.Equal("numeric 10 2", await scene.Database.TextAsync(
            "select data_type || ' ' || numeric_precision || ' ' || numeric_scale from information_schema.columns where table_name = 'cart_items' and column_name = 'price'"));
        Assert.Equal("3", await scene.Database.TextAsync("select count(*) from pg_indexes where indexname in ('idx_cart_customer_id', 'idx_cart_items_cart_id', 'idx_cart_items_product_id')"));
        await scene.Database.ExecuteAsync("insert into carts (customer_id) select 'guest-x' || n from generate_series(1, 3000) n; insert into cart_items (cart_id, product_id, sku, product_name, price, quantity) select id, 'P', 'P', 'p', 1, 1 from carts where customer_id like 'guest-x%'; analyze cart_items");
        Assert.Contains("Index", await scene.Database.TextAsync("explain analyze select * from cart_items where cart_id = 77"), StringComparison.Ordinal);
        await scene.Database.ExecuteAsync("delete from carts where customer_id like 'guest-x%'");
    }

    [Theory]
    [InlineData("postgres://u:p@h/d", null, "postgres://u:p@h/d")]
    [InlineData(null, "db.internal", "postgres://us%2Fer:p%40ss@db.internal:5432/shop")]
    [InlineData(null, null, null)]
    public void The_database_is_one_address_or_the_four_parts_of_the_secret(string? url, string? host, string? expected) =>
        Assert.Equal(expected, DatabaseSecret.Url(name => name switch
        {
            "DATABASE_URL" => url,
            "DATABASE_HOST" => host,
            "DATABASE_USERNAME" => "us/er",
            "DATABASE_PASSWORD" => "p@ss",
            "DATABASE_NAME" => "shop",
            _ => null,
        }));

    [Fact]
    public async Task The_pool_is_the_documented_one()
    {
        await using var service = await scene.StartAsync(("DB_POOL_MAX", ""), ("POOL_SIZE", "20"), ("MAX_OVERFLOW", "30"));

        var options = service.Services.GetRequiredService<Slipway.Sdk.Database.DatabaseOptions>();

        Assert.Equal((50, 3600), (options.PoolMax, options.Address.ConnectionLifetime));
    }

    [Fact]
    public async Task Without_its_database_the_service_says_what_failed()
    {
        await using var service = await RunningService.StartAsync(
            CartService.Create, CartService.Map, new Dictionary<string, string?> { ["DATABASE_URL"] = "postgres://u:p@127.0.0.1:1/d", ["MIGRATE"] = "onStart" });
        var nobody = new Shopper("", service.NewClient());

        var problem = (await nobody.SendAsync("GET", "/health")).Problem(503, "unhealthy");

        Assert.StartsWith("Health check failed: ", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("disconnected", problem.GetProperty("database").GetString());
        Assert.Equal(200, (await nobody.SendAsync("GET", "/health/live")).Status);
    }
}
