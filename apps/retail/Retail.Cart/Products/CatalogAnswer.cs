using System.Text.Json;

namespace Retail.Cart.Products;

/// <summary>Finds the one variant that is meant in what the catalogue answers for a product. Pure.</summary>
internal static class CatalogAnswer
{
    /// <summary>Null if the answer names no price in EUR for it.</summary>
    public static (Sellable Product, bool IsDefault)? Read(JsonElement answer, string skuOrProduct)
    {
        if (answer.ValueKind != JsonValueKind.Object || Text(answer, "sku") is not { } defaultSku || !answer.TryGetProperty("id", out var id) || !id.TryGetGuid(out var product)
            || Text(answer, "currency") is not (null or "EUR"))
        {
            return null;
        }

        var name = Text(answer, "name") ?? defaultSku;
        var active = !answer.TryGetProperty("active", out var flag) || flag.ValueKind != JsonValueKind.False;
        var image = Text(answer, "imageUrl");
        if (answer.TryGetProperty("variants", out var variants) && variants.ValueKind == JsonValueKind.Array)
        {
            foreach (var variant in variants.EnumerateArray())
            {
                // The catalogue finds a SKU in any case; what it writes is the SKU.
                if (Text(variant, "sku") is { } sku && sku.Equals(skuOrProduct, StringComparison.OrdinalIgnoreCase) && Price(variant) is { } price)
                {
                    var title = Text(variant, "name") is { } more ? $"{name}, {more}" : name;
                    return (new Sellable(sku, product, title, price, active, image), sku == defaultSku);
                }
            }
        }

        var meant = skuOrProduct.Equals(defaultSku, StringComparison.OrdinalIgnoreCase) || (Guid.TryParse(skuOrProduct, out var asked) && asked == product);
        return meant && Price(answer) is { } own ? (new Sellable(defaultSku, product, name, own, active, image), true) : null;
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Price(JsonElement element) =>
        element.TryGetProperty("price", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var price)
        && price is >= 0 and < 1_000_000 && decimal.Round(price, 2) == price
            ? (long)(price * 100)
            : null;
}
