using FsCheck;
using FsCheck.Fluent;
using Retail.Orders;
using Slipway.RetailOrders.Tests.Scenes;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;

namespace Slipway.RetailOrders.Tests.Safety;

/// <summary>The rules every service keeps.</summary>
public sealed class ConformanceTests(OrdersSubject subject) : ConformanceSuite(subject), IClassFixture<OrdersSubject>;

public sealed class OrdersSubject(TestPostgres postgres, Identity identity) : ConformanceSubject
{
    private static readonly Guid s_person = Guid.CreateVersion7();

    private TestDatabase? _database;

    public override string QueryPath => "/api/v1/orders";

    public override string BodyPath => "/api/v1/orders";

    public override string ValidBody => Buyer.Body();

    public override async Task<RunningService> StartAsync()
    {
        _database ??= await postgres.DatabaseAsync();
        var service = await RunningService.StartAsync(OrdersService.Create, OrdersService.Map, _database.Environment.Concat(identity.Issuer.Environment).ToDictionary());
        await service.UntilReadyAsync();
        await _database.ExecuteAsync(
            $"insert into prices (sku, product_id, vendor_id, name, price_minor, currency, active, place) values ('LAMP-1', '{s_person}', '{s_person}', 'Lamp', 1999, 'EUR', true, 0) on conflict do nothing");
        return service;
    }

    public override void Authorize(HttpRequestMessage request)
    {
        request.Headers.Authorization = new("Bearer", identity.Issuer.Token("retail", s_person, OrdersScene.AllScopes, ["customer"]));
        request.Headers.TryAddWithoutValidation("Idempotency-Key", Guid.NewGuid().ToString());
    }
}

/// <summary>What nobody should send, sent to every call that reads a body.</summary>
public sealed class HostileBodyTests(OrdersScene scene) : IClassFixture<OrdersScene>
{
    private static readonly string[] s_values =
        ["null", "true", "-1", "1e400", "99999999999999999999", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "[]", "[null]", "[[]]", "{}", "{\"a\":1}", "\"'; drop table orders; --\"", "0.001"];

    [Fact]
    public async Task No_body_makes_the_service_fail()
    {
        var buyer = scene.Buyer(roles: "admin");
        var order = await buyer.OrderIdAsync();
        string[] members = ["items", "sku", "productId", "quantity", "expectedPrice", "shippingAddress", "country", "email", "paymentToken", "lines", "reason", "status", "cartId", "currency"];
        var bodies = Properties.Examples(
            from pairs in (from name in Gen.Elements(members) from value in Gen.Elements(s_values) select (name, value)).ArrayOf(3)
            from wrap in Gen.Choose(0, 3)
            select (pairs, wrap),
            80);
        foreach (var (pairs, wrap) in bodies)
        {
            var inner = "{" + string.Join(',', pairs.DistinctBy(pair => pair.name).Select(pair => $"\"{pair.name}\":{pair.value}")) + "}";
            var body = wrap switch
            {
                0 => inner,
                1 => $$"""{"items":[{{inner}}]}""",
                2 => $$"""{"lines":[{{inner}}]}""",
                _ => $$"""{"shippingAddress":{{inner}}}""",
            };
            foreach (var (method, path) in ((string, string)[])[("POST", "/api/v1/orders"), ("POST", $"/api/v1/orders/{order}/returns"), ("PUT", $"/api/v1/orders/{order}/status")])
            {
                var answer = await buyer.SendAsync(method, path, body, ("Idempotency-Key", Guid.NewGuid().ToString()));
                Assert.True(answer.Status is >= 400 and < 500, $"{method} {path} {body}: {answer.Status} {answer.Body}");
            }
        }
    }
}
