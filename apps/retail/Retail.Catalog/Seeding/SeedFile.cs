using System.Text.Json;
using System.Text.Json.Serialization;

namespace Retail.Catalog.Seeding;

/// <summary>What the shop opens with, as it lies in the file beside the services.</summary>
internal sealed record SeedFile(
    IReadOnlyList<SeedVendor> Vendors, IReadOnlyList<string> Locations, IReadOnlyList<SeedCategory> Categories, IReadOnlyList<SeedProduct> Products)
{
    public static SeedFile Read()
    {
        using var file = typeof(SeedFile).Assembly.GetManifestResourceStream("products.json")
            ?? throw new InvalidOperationException("The program was built without products.json.");
        return JsonSerializer.Deserialize(file, SeedJson.Default.SeedFile)!;
    }
}

internal sealed record SeedVendor(Guid Id, string Name);

internal sealed record SeedText(string En, string De);

internal sealed record SeedCategory(string Slug, SeedText Name, string? Parent);

internal sealed record SeedProduct(
    string Category, Guid Vendor, SeedText Name, SeedText Description, Dictionary<string, string> Attributes, IReadOnlyList<SeedVariant> Variants);

/// <param name="Stock">The inventory's part of the file.</param>
internal sealed record SeedVariant(string Sku, string Name, long PriceMinor, Dictionary<string, string> Attributes, IReadOnlyList<SeedStock> Stock);

internal sealed record SeedStock(string Location, long Quantity);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SeedFile))]
internal sealed partial class SeedJson : JsonSerializerContext;
