namespace Retail.Catalog.Stock;

/// <summary>What buyers are told of stock: enough to decide, and no numbers for competitors.</summary>
internal static class StockHint
{
    public const string InStock = "in_stock";
    public const string Low = "low";
    public const string Out = "out";
    public const string Unknown = "unknown";

    private const long LowMax = 5;

    public static string Of(long? available) => available switch
    {
        null => Unknown,
        <= 0 => Out,
        <= LowMax => Low,
        _ => InStock,
    };
}
