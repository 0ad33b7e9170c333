using System.Text.Json.Nodes;
using Slipway.Sdk.Problems;

namespace Retail.Cart.Carts;

/// <summary>How much fits into a cart, and how two become one. Pure.</summary>
internal static class CartRules
{
    public const int QuantityMax = 99;
    public const int LinesMax = 100;

    private const long ShippingMinor = 490;
    private const long FreeShippingFromMinor = 5_000;
    private const decimal TaxPercent = 19m;

    public static Problem Full { get; } = Problem.Conflict("cartFull", "The cart is full", $"A cart has at most {LinesMax} lines.");

    public static Problem EmptyCart { get; } = new(400, "emptyCart", "The cart is empty", "There is nothing in the cart to order.");

    public static Problem UnknownLine { get; } = Problem.NotFound("item in the cart");

    public static Problem TooMany(int quantity) => Problem.Invalid(
    [
        new Finding("tooMany", $"At most {QuantityMax} of one product; this would be {quantity}.") { Pointer = "/quantity", Args = new JsonObject { ["max"] = QuantityMax } },
    ]);

    /// <summary>What sending costs, as far as a cart can know; the order says it for good.</summary>
    public static long ShippingOf(long itemsMinor) => itemsMinor is 0 or >= FreeShippingFromMinor ? 0 : ShippingMinor;

    /// <summary>The part of a price that is tax at the home rate; where it is sent to is not known yet.</summary>
    public static long TaxWithin(long grossMinor) => (long)Math.Round(grossMinor * TaxPercent / (100m + TaxPercent), MidpointRounding.ToEven);

    /// <summary>What a stock count means to a buyer.</summary>
    public static string? StockHint(long? available) => available switch
    {
        null => null,
        <= 0 => "out",
        <= 5 => "low",
        _ => "in_stock",
    };

    /// <summary>
    /// The guest's lines in the customer's cart: quantities add up as far as they may, and what finds no room is named. The customer's own
    /// lines are never lost to it.
    /// </summary>
    public static MergePlan Merge(IReadOnlyList<CartLine> own, IReadOnlyList<CartLine> guests)
    {
        var (set, cut, left) = (new List<(CartLine Line, int Quantity)>(), new List<string>(), new List<string>());
        var room = LinesMax - own.Count;
        foreach (var line in guests)
        {
            var mine = own.FirstOrDefault(other => other.Sku == line.Sku);
            if (mine is null && room == 0)
            {
                left.Add(line.Sku);
                continue;
            }

            room -= mine is null ? 1 : 0;
            var sum = (mine?.Quantity ?? 0) + line.Quantity;
            if (sum > QuantityMax)
            {
                cut.Add(line.Sku);
            }

            set.Add((line, Math.Min(sum, QuantityMax)));
        }

        return new MergePlan(set, cut, left);
    }
}

/// <param name="Set">Lines and the quantity each has afterwards.</param>
/// <param name="Cut">SKUs of which not everything fitted.</param>
/// <param name="Left">SKUs for which there was no line left.</param>
internal sealed record MergePlan(IReadOnlyList<(CartLine Line, int Quantity)> Set, IReadOnlyList<string> Cut, IReadOnlyList<string> Left);
