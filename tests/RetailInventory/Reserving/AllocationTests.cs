using FsCheck;
using FsCheck.Fluent;
using Retail.Contracts;
using Retail.Inventory.Reserving;
using Retail.Inventory.Stock;

namespace Slipway.RetailInventory.Tests.Reserving;

public sealed class AllocationTests
{
    [Fact]
    public void All_lines_are_found_or_none_and_no_place_gives_more_than_it_has() =>
        Properties.Hold(Orders(), order =>
        {
            var allocation = Allocation.Of(order.Lines, order.Items);
            var wanted = Allocation.Together(order.Lines);
            if (allocation.Missing.Count > 0)
            {
                return allocation.Portions.Count == 0
                    && allocation.Missing.All(line => line.Available < line.Requested && line.Available == (order.Items.TryGetValue(line.Sku, out var item) ? item.Available : 0));
            }

            return wanted.All(line => allocation.Portions.Where(portion => portion.Sku == line.Sku).Sum(portion => portion.Quantity) == line.Quantity)
                && allocation.Portions.Sum(portion => portion.Quantity) == wanted.Sum(line => line.Quantity)
                && allocation.Portions.All(portion => portion.Quantity > 0
                    && portion.Quantity <= order.Items[portion.Sku].Places.Single(place => place.Location == portion.Location).Available)
                && allocation.Portions.DistinctBy(portion => (portion.Sku, portion.Location)).Count() == allocation.Portions.Count;
        });

    [Fact]
    public void One_place_is_enough_where_one_has_enough() =>
        Properties.Hold(Orders(), order =>
        {
            var allocation = Allocation.Of(order.Lines, order.Items);
            return allocation.Portions.GroupBy(portion => portion.Sku).All(line =>
                line.Count() == 1 || order.Items[line.Key].Places.All(place => place.Available < line.Sum(portion => portion.Quantity)));
        });

    [Fact]
    public void A_return_takes_back_at_most_what_is_left_of_each_line() =>
        Properties.Hold(
            from sold in Gen.Choose(1, 9).ListOf(4)
            from back in Gen.Choose(0, 30)
            select (Sold: sold, Back: back),
            given =>
            {
                var lines = given.Sold.Select((quantity, at) => new ReservationLine(Guid.NewGuid(), "A", $"place-{at}", quantity, at % 2 == 0 ? 0 : 1)).ToList();
                var left = lines.Sum(line => line.Quantity - line.Returned);
                var returned = Returnable.Of(lines, [new OrderedPiece("A", given.Back)]);
                var after = Returnable.After(lines, returned);
                return returned.Sum(one => one.Quantity) == Math.Min(left, given.Back) && after.All(line => line.Returned <= line.Quantity)
                    && after.Sum(line => line.Returned) == lines.Sum(line => line.Returned) + returned.Sum(one => one.Quantity);
            });

    [Theory]
    [InlineData(false, 6, 5, false, false)]
    [InlineData(false, 5, 5, true, true)]
    [InlineData(true, 4, 5, true, false)]
    [InlineData(true, 6, 5, false, false)]
    [InlineData(false, 0, 0, true, true)]
    public void Little_is_told_when_the_line_is_crossed(bool was, long available, int threshold, bool low, bool tell) =>
        Assert.Equal((low, tell), LowWater.After(was, available, threshold));

    private static Gen<(List<OrderedPiece> Lines, Dictionary<string, StockItem> Items)> Orders() =>
        from places in Gen.Choose(0, 12).ListOf(9)
        from reserved in Gen.Choose(0, 12).ListOf(9)
        from wanted in Gen.Choose(1, 15).ListOf(3)
        from skus in Gen.Choose(0, 3).ListOf(3)
        select (
            skus.Zip(wanted, (sku, quantity) => new OrderedPiece($"SKU-{sku}", quantity)).ToList(),
            Enumerable.Range(0, 3).Select(sku => new StockItem
            {
                Sku = $"SKU-{sku}",
                Active = true,
                Places = [.. Enumerable.Range(0, 3).Select(at => new Place(
                    Guid.Empty, $"place-{at}", places[(sku * 3) + at], Math.Min(places[(sku * 3) + at], reserved[(sku * 3) + at]), 1, DateTimeOffset.UnixEpoch))],
            }).ToDictionary(item => item.Sku));
}
