using Microsoft.Extensions.DependencyInjection;
using Retail.Orders.Ordering;
using Retail.Orders.Streams;
using Slipway.RetailOrders.Tests.Scenes;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Slipway.RetailOrders.Tests.Orders;

/// <summary>The stream itself, below everything that takes turns on it.</summary>
public sealed class StreamTests(OrdersScene scene) : IClassFixture<OrdersScene>
{
    [Fact]
    public async Task Two_writers_of_one_version_leave_one_of_them_with_a_conflict()
    {
        var database = scene.Service.Services.GetRequiredService<Database>();
        var order = await scene.Buyer().OrderIdAsync();
        var state = await database.ReadAsync((connection, token) => OrderStream.LoadAsync(connection, order, token), CancellationToken.None);
        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            try
            {
                await database.WriteAsync((transaction, token) => OrderStream.AppendAsync(transaction, state!, [new StockSold(), new OrderCompleted()], state!.UpdatedAt, token), CancellationToken.None);
                return "written";
            }
            catch (ProblemException refused)
            {
                return refused.Problem.Code;
            }
        }));

        Assert.Single(results, "written");
        Assert.All(results.Where(result => result != "written"), code => Assert.Equal("orderChanged", code));
        Assert.Equal("3 3", await scene.Database.TextAsync($"select count(*) || ' ' || max(version) from order_stream where order_id = '{order}'"));
    }

    [Fact]
    public async Task The_second_version_tells_amounts_as_money()
    {
        var buyer = scene.Buyer();
        var order = await buyer.OrderIdAsync();
        foreach (var read in (System.Text.Json.JsonElement[])[
            Buyer.Expect(await buyer.GetAsync($"/api/v2/orders/{order}"), 200),
            Assert.Single(Buyer.Expect(await buyer.GetAsync("/api/v2/orders"), 200).GetProperty("items").EnumerateArray())])
        {
            Assert.Equal((2_489, "EUR"), (read.GetProperty("total").GetProperty("amount").GetInt64(), read.GetProperty("total").GetProperty("currency").GetString()));
            Assert.Equal(buyer.Id, read.GetProperty("userId").GetGuid());
        }

        (await scene.Buyer().GetAsync($"/api/v2/orders/{order}")).Problem(404);
        (await scene.Buyer().GetAsync($"/api/v1/orders?userId={buyer.Id}")).Problem(422);
    }
}
