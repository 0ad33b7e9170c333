using Retail.Orders.Ordering;

namespace Retail.Orders.Pricing;

/// <summary>What an order costs. Prices contain the tax of the country they are sold to.</summary>
internal static class Charges
{
    public const string Currency = "EUR";
    public const long ShippingMinor = 490;
    public const long FreeShippingFromMinor = 5_000;

    private const decimal Otherwise = 19m;

    /// <summary>Standard rates in percent.</summary>
    private static readonly Dictionary<string, decimal> s_rates = new(StringComparer.Ordinal)
    {
        ["AT"] = 20m,
        ["BE"] = 21m,
        ["CH"] = 8.1m,
        ["DE"] = 19m,
        ["DK"] = 25m,
        ["ES"] = 21m,
        ["FI"] = 25.5m,
        ["FR"] = 20m,
        ["GB"] = 20m,
        ["IE"] = 23m,
        ["IT"] = 22m,
        ["LU"] = 17m,
        ["NL"] = 21m,
        ["PL"] = 23m,
        ["PT"] = 23m,
        ["SE"] = 25m,
    };

    public static OrderTotals Of(IEnumerable<PlacedLine> lines, string country)
    {
        var subtotal = lines.Sum(line => checked(line.UnitPriceMinor * line.Quantity));
        var shipping = subtotal >= FreeShippingFromMinor ? 0 : ShippingMinor;
        var total = checked(subtotal + shipping);
        return new OrderTotals(subtotal, TaxWithin(total, country), shipping, total);
    }

    /// <summary>The part of a gross amount that is tax, rounded half to even.</summary>
    public static long TaxWithin(long grossMinor, string country)
    {
        var rate = s_rates.GetValueOrDefault(country, Otherwise);
        return (long)Math.Round(grossMinor * rate / (100m + rate), MidpointRounding.ToEven);
    }
}
