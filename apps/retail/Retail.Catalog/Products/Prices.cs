using Slipway.Sdk.Problems;

namespace Retail.Catalog.Products;

/// <summary>Prices as people write them and as they are kept: whole cents.</summary>
internal static class Prices
{
    public const long MinorMax = 100_000_000;

    public static long Read(Findings findings, string pointer, decimal? price)
    {
        if (price is not { } amount)
        {
            findings.Add(pointer, "required", "price is required.");
            return 0;
        }

        if (amount is < 0 or > MinorMax / 100m)
        {
            findings.Add(pointer, "outOfRange", $"price must be from 0 to {MinorMax / 100}.");
            return 0;
        }

        if (decimal.Round(amount, 2) != amount)
        {
            findings.Add(pointer, "tooPrecise", "price must have at most two decimal places.");
            return 0;
        }

        return (long)(amount * 100);
    }

    public static void Currency(Findings findings, string pointer, string? currency)
    {
        if (currency is not (null or Variant.Euro))
        {
            findings.Add(pointer, "unsupportedCurrency", "currency must be EUR; nothing else is sold in.");
        }
    }

    /// <summary>3990 → 39.90, with both digits also on the wire.</summary>
    public static decimal Decimal(long minor) => new((int)(minor & 0xFFFF_FFFF), (int)(minor >> 32), 0, false, 2);
}
