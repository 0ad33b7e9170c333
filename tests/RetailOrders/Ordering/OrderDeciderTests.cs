using FsCheck;
using FsCheck.Fluent;
using Retail.Orders.Ordering;
using Retail.Orders.Pricing;

namespace Slipway.RetailOrders.Tests.Ordering;

public sealed class OrderDeciderTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    internal static OrderState Order(params (string Sku, long Price, int Quantity)[] lines)
    {
        var placed = lines.Select(line => new PlacedLine(line.Sku, Guid.Empty, Guid.Empty, line.Sku, line.Price, line.Quantity)).ToList();
        return Fold(
            null,
            new OrderPlaced("R-2026-000001", null, placed, Charges.Of(placed, "DE"), "EUR", "DE"),
            new StockHeld(Guid.Empty, s_now), new PaymentAsked(1), new PaymentHeld(Guid.Empty, 1),
            new MoneyTaken(Guid.Empty, Charges.Of(placed, "DE").TotalMinor), new StockSold(), new OrderCompleted());
    }

    private static OrderState Fold(OrderState? order, params OrderEvent[] events) => events.Aggregate(
        order ?? new OrderState { Id = Guid.Empty }, (state, happened) => OrderFold.Apply(state, new RecordedEvent(state.Version + 1, happened, s_now)));

    [Fact]
    public void Returns_never_exceed_what_was_bought_and_shipping_is_paid_back_with_the_last_piece() => Properties.Hold(
        from lines in Gen.Choose(1, 4).SelectMany(count => (from price in Gen.Choose(1, 9_000) from quantity in Gen.Choose(1, 5) select (price, quantity)).ArrayOf(count))
        from wishes in (from line in Gen.Choose(0, 4) from quantity in Gen.Choose(-1, 6) select (line, quantity)).ArrayOf(12)
        select (lines, wishes),
        input =>
        {
            var order = Order([.. input.lines.Select((line, at) => ($"S-{at}", (long)line.price, line.quantity))]);
            var returned = 0L;
            foreach (var (line, quantity) in input.wishes)
            {
                if (OrderDecider.Return(order, Guid.NewGuid(), [new ReturnedLine($"S-{line}", quantity)], restock: true).Is(out var asked, out _))
                {
                    returned += asked.AmountMinor;
                    order = Fold(order, asked);
                }
            }

            var whole = order.AllReturned ? order.Totals.TotalMinor : order.Items.Sum(item => item.UnitPriceMinor * item.Returned);
            return returned == whole && returned <= order.CapturedMinor && order.Items.All(item => item.Returned <= item.Quantity);
        });

    [Fact]
    public void A_return_that_is_too_much_names_the_line_and_how_many_are_left()
    {
        Assert.False(OrderDecider.Return(Order(("A", 500, 2)), Guid.NewGuid(), [new ReturnedLine("A", 1), new ReturnedLine("A", 2)], true).Is(out _, out var problem));

        var finding = Assert.Single(problem.Errors);
        Assert.Equal("/lines/1/quantity", finding.Pointer);
        Assert.Equal(1, (int)finding.Args!["max"]!);
    }

    [Fact]
    public void An_order_moves_forward_one_status_at_a_time()
    {
        var order = Order(("A", 500, 1));
        Assert.Equal("wrongStatus", OrderDecider.Advance(order, OrderStatus.Shipped).Problem!.Code);
        foreach (var status in (OrderStatus[])[OrderStatus.Processing, OrderStatus.Shipped, OrderStatus.Delivered])
        {
            Assert.True(OrderDecider.Advance(order, status).Is(out var events, out _));
            order = Fold(order, [.. events]);
            Assert.Equal(status, order.Status);
            Assert.Empty(OrderDecider.Advance(order, status).Value);
        }

        Assert.Equal("tooLateToCancel", OrderDecider.MayCancel(order)!.Code);
    }

    [Fact]
    public void Everything_paid_back_makes_an_order_refunded()
    {
        var order = Order(("A", 500, 1));
        order = Fold(order, new MoneyRefunded(Guid.NewGuid(), null, 990, 990));

        Assert.Equal(OrderStatus.Refunded, order.Status);
        Assert.Equal("alreadyRefunded", OrderDecider.MayCancel(order)!.Code);
    }

    [Theory]
    [InlineData(1_000, 490, 1_490)]
    [InlineData(4_999, 490, 5_489)]
    [InlineData(5_000, 0, 5_000)]
    public void Shipping_is_free_from_fifty_euros(long subtotal, long shipping, long total)
    {
        var totals = Charges.Of([new PlacedLine("A", Guid.Empty, Guid.Empty, "A", subtotal, 1)], "DE");
        Assert.Equal((subtotal, shipping, total), (totals.SubtotalMinor, totals.ShippingMinor, totals.TotalMinor));
    }

    [Fact]
    public void Tax_is_the_part_of_the_total_that_the_country_takes()
    {
        Assert.Equal(1_900, Charges.TaxWithin(11_900, "DE"));
        Assert.Equal(2_000, Charges.TaxWithin(12_000, "AT"));
        Assert.Equal(1_900, Charges.TaxWithin(11_900, "XX"));
    }
}
