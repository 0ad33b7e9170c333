using System.Globalization;
using Slipway.Sdk.Problems;

namespace Retail.Payments.Payments;

/// <summary>Between minor units inside and decimal numbers with two digits outside.</summary>
internal static class Amounts
{
    /// <summary>A million euros less a cent; whoever needs more does not pay by card.</summary>
    public const long Max = 99_999_999;

    public static decimal Shown(long minor) => minor * 0.01m;

    public static string Text(long minor) => Shown(minor).ToString("0.00", CultureInfo.InvariantCulture);

    public static long Read(Findings findings, string pointer, decimal? amount)
    {
        switch (amount)
        {
            case null:
                findings.Add(pointer, "required", "amount is required.");
                return 0;
            case <= 0 or > Max / 100m:
                findings.Add(pointer, "outOfRange", $"amount must be more than 0 and at most {Text(Max)}.");
                return 0;
            case var value when decimal.Round(value.Value, 2) != value:
                findings.Add(pointer, "tooPrecise", "amount must have at most two digits after the point.");
                return 0;
            default:
                return (long)(amount.Value * 100m);
        }
    }
}
