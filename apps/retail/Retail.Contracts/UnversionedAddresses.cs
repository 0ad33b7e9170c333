namespace Retail.Contracts;

/// <summary>The product's document names addresses without a version. They are the first version's, and announced to go.</summary>
public static class UnversionedAddresses
{
    public const string Prefix = "/api";
    public const string Successor = "/api/v1";

    public static readonly DateOnly Announced = new(2026, 1, 1);
    public static readonly DateOnly Sunset = new(2027, 12, 31);
}
