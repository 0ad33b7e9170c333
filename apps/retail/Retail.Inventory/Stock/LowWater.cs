namespace Retail.Inventory.Stock;

/// <summary>Whether little is left. It is told once per crossing: again only after there was enough in between.</summary>
internal static class LowWater
{
    public static (bool Low, bool Tell) After(bool wasLow, long available, int threshold)
    {
        var low = available <= threshold;
        return (low, low && !wasLow);
    }
}
