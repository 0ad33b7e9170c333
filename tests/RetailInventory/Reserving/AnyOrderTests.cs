using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Retail.Inventory.Reserving;
using Slipway.RetailInventory.Tests.Scenes;

namespace Slipway.RetailInventory.Tests.Reserving;

/// <summary>What happens to an order, in every order and as often as a network likes.</summary>
public enum Happening
{
    Created,
    Confirmed,
    Cancelled,
    Returned,
    ReturnedAgain,
    TimePassed,
}

public sealed class AnyOrderTests(StockScene scene) : IClassFixture<StockScene>
{
    private const int Stock = 12;

    [Fact]
    public async Task The_books_are_right_after_anything_in_any_order()
    {
        foreach (var happenings in Properties.Examples(Stories(), count: 12))
        {
            var sku = await scene.StockedAsync(Stock);
            var orders = Enumerable.Range(0, 3).Select(_ => (Id: Guid.CreateVersion7(), First: Guid.CreateVersion7(), Second: Guid.CreateVersion7())).ToArray();
            foreach (var (order, happening) in happenings)
            {
                await HappenAsync(sku, orders[order], happening);
            }

            await scene.AssertBooksAsync();
            await AssertStoryAsync(sku, orders.Select(order => order.Id));
        }
    }

    [Fact]
    public async Task The_same_all_at_once()
    {
        foreach (var happenings in Properties.Examples(Stories(), count: 6))
        {
            var sku = await scene.StockedAsync(Stock);
            var orders = Enumerable.Range(0, 3).Select(_ => (Id: Guid.CreateVersion7(), First: Guid.CreateVersion7(), Second: Guid.CreateVersion7())).ToArray();

            await Task.WhenAll(happenings.Select(one => HappenAsync(sku, orders[one.Order], one.Happening)));

            await scene.AssertBooksAsync();
            await AssertStoryAsync(sku, orders.Select(order => order.Id));
        }
    }

    [Fact]
    public async Task Whatever_was_cancelled_holds_and_has_sold_nothing_in_the_end()
    {
        foreach (var happenings in Properties.Examples(Stories(), count: 6))
        {
            var sku = await scene.StockedAsync(Stock);
            var orders = Enumerable.Range(0, 3).Select(_ => (Id: Guid.CreateVersion7(), First: Guid.CreateVersion7(), Second: Guid.CreateVersion7())).ToArray();
            await scene.CancelledAsync(orders[0].Id);
            await Task.WhenAll(happenings.Select(one => HappenAsync(sku, orders[one.Order], one.Happening)));
            await Task.WhenAll(orders.Select(order => scene.CancelledAsync(order.Id)));

            Assert.Equal((Stock, 0), await scene.SumsAsync(sku));
            await scene.AssertBooksAsync();
        }
    }

    /// <summary>Stock is what there was, less what confirmed orders have and did not bring back.</summary>
    private async Task AssertStoryAsync(string sku, IEnumerable<Guid> orders)
    {
        var ids = string.Join(',', orders.Select(id => $"'{id}'"));
        var kept = long.Parse(await scene.Database.TextAsync(
            $"select coalesce(sum(l.quantity - l.returned), 0) from reservation_lines l join reservations r on r.order_id = l.order_id where r.status = 'confirmed' and r.order_id in ({ids})"));
        var (quantity, reserved) = await scene.SumsAsync(sku);
        Assert.Equal(Stock - kept, quantity);
        Assert.InRange(reserved, 0, quantity);
    }

    private async Task HappenAsync(string sku, (Guid Id, Guid First, Guid Second) order, Happening happening)
    {
        switch (happening)
        {
            case Happening.Created:
                await scene.OrderedAsync(order.Id, (sku, 5));
                break;
            case Happening.Confirmed:
                await scene.ConfirmedAsync(order.Id);
                break;
            case Happening.Cancelled:
                await scene.CancelledAsync(order.Id);
                break;
            case Happening.Returned:
                await scene.ReturnedAsync(order.Id, order.First, sku, 2);
                break;
            case Happening.ReturnedAgain:
                await scene.ReturnedAsync(order.Id, order.Second, sku, 4);
                break;
            default:
                await scene.Database.ExecuteAsync($"update reservations set expires_at = now() - interval '1 second' where order_id = '{order.Id}' and status = 'held'");
                await scene.Service.Services.GetRequiredService<Expiry>().RunAsync(CancellationToken.None);
                break;
        }
    }

    private static Gen<List<(int Order, Happening Happening)>> Stories() =>
        (from order in Gen.Choose(0, 2)
         from happening in Gen.Frequency(
             (4, Gen.Constant(Happening.Created)), (3, Gen.Constant(Happening.Confirmed)), (1, Gen.Constant(Happening.Cancelled)),
             (1, Gen.Constant(Happening.Returned)), (1, Gen.Constant(Happening.ReturnedAgain)), (1, Gen.Constant(Happening.TimePassed)))
         select (order, happening)).ListOf(18).Select(list => list.ToList());
}
