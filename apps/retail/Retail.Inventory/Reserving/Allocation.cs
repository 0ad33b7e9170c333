using Retail.Contracts;
using Retail.Inventory.Stock;

namespace Retail.Inventory.Reserving;

/// <summary>So many pieces of a SKU from one place.</summary>
internal sealed record Portion(string Sku, string Location, int Quantity);

/// <summary>Where the pieces of an order are to come from: all of them, or none and what is missing.</summary>
internal sealed record Allocation(IReadOnlyList<Portion> Portions, IReadOnlyList<MissingPiece> Missing)
{
    /// <summary>One place for a line if one has enough, the fullest first otherwise, so that few parcels are sent.</summary>
    public static Allocation Of(IEnumerable<OrderedPiece> lines, IReadOnlyDictionary<string, StockItem> items)
    {
        var portions = new List<Portion>();
        var missing = new List<MissingPiece>();
        foreach (var line in Together(lines))
        {
            var item = items.GetValueOrDefault(line.Sku);
            var available = item?.Active == true ? item.Available : 0;
            if (available < line.Quantity)
            {
                missing.Add(new MissingPiece(line.Sku, line.Quantity, available));
                continue;
            }

            portions.AddRange(Take(item!, line.Quantity));
        }

        return missing.Count > 0 ? new Allocation([], missing) : new Allocation(portions, []);
    }

    /// <summary>One line per SKU, in the order of SKUs.</summary>
    public static IReadOnlyList<OrderedPiece> Together(IEnumerable<OrderedPiece> lines) =>
        [.. lines.GroupBy(line => line.Sku, StringComparer.Ordinal)
            .Select(group => new OrderedPiece(group.Key, (int)Math.Min(int.MaxValue, group.Sum(line => (long)line.Quantity))))
            .OrderBy(line => line.Sku, StringComparer.Ordinal)];

    private static IEnumerable<Portion> Take(StockItem item, int quantity)
    {
        if (item.Places.Where(place => place.Available >= quantity).MinBy(place => place.Available) is { } enough)
        {
            yield return new Portion(item.Sku, enough.Location, quantity);
            yield break;
        }

        foreach (var place in item.Places.OrderByDescending(place => place.Available).ThenBy(place => place.Location, StringComparer.Ordinal))
        {
            var taken = (int)Math.Min(quantity, place.Available);
            if (taken <= 0)
            {
                continue;
            }

            yield return new Portion(item.Sku, place.Location, taken);
            quantity -= taken;
        }
    }
}
