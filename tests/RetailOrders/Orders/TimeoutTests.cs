using Slipway.RetailOrders.Tests.Scenes;
using Slipway.Sdk.Hosting;

namespace Slipway.RetailOrders.Tests.Orders;

/// <summary>Every instance on this database is in a hurry.</summary>
public sealed class HastyScene(TestPostgres postgres, Identity identity) : OrdersScene(postgres, identity)
{
    public override Task<RunningService> StartAsync(params (string Name, string Value)[] settings) =>
        base.StartAsync([("SAGA_STEP_SECONDS", "1"), ("SAGA_ATTEMPTS", "2"), .. settings]);
}

public sealed class TimeoutTests(HastyScene scene) : IClassFixture<HastyScene>
{
    [Fact]
    public async Task A_purchase_nobody_answers_is_asked_for_again_and_then_cancelled_by_the_clock()
    {
        var buyer = scene.Buyer();
        var order = await buyer.OrderIdAsync();

        Assert.Equal("reservationTimeout", (await scene.ToldAsync(order, "order.cancelled")).GetProperty("reason").GetString());
        Assert.Equal(2, scene.Told(order, "order.created").Count);
        Assert.Equal("cancelled", await buyer.StatusAsync(order));
    }
}
