using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using Retail.Inventory.Stock;
using Slipway.Sdk.Database;

namespace Retail.Inventory.Seeding;

internal sealed record SeedFile(IReadOnlyList<SeedProduct> Products);

internal sealed record SeedProduct(Guid Vendor, Dictionary<string, string> Name, IReadOnlyList<SeedVariant> Variants);

internal sealed record SeedVariant(string Sku, string? Name, IReadOnlyList<SeedStock> Stock);

internal sealed record SeedStock(string Location, long Quantity);

/// <summary>The file has more in it than stock needs.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip)]
[JsonSerializable(typeof(SeedFile))]
internal sealed partial class SeedJson : JsonSerializerContext;

/// <summary>The first stock of the shop. A place that has ever been stocked is left as it is, so seeding again changes nothing.</summary>
internal sealed class Seed(Database database, StockBook book, TimeProvider time)
{
    public const string Resource = "seed/products.json";

    public static SeedFile Read()
    {
        using var stream = typeof(Seed).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"{Resource} is not part of the program.");
        return JsonSerializer.Deserialize(stream, SeedJson.Default.SeedFile) ?? throw new InvalidOperationException($"{Resource} is empty.");
    }

    /// <summary>Says how many places were stocked.</summary>
    public async Task<int> RunAsync(SeedFile file, CancellationToken cancellation)
    {
        var stocked = 0;
        foreach (var product in file.Products)
        {
            stocked += await database.WriteAsync((transaction, token) => SeedAsync(transaction, product, token), cancellation);
        }

        return stocked;
    }

    private async Task<int> SeedAsync(NpgsqlTransaction transaction, SeedProduct product, CancellationToken cancellation)
    {
        var title = product.Name.GetValueOrDefault("en") ?? product.Name.Values.FirstOrDefault("");
        foreach (var (variant, index) in product.Variants.Select((variant, index) => (variant, index)).OrderBy(pair => pair.variant.Sku, StringComparer.Ordinal))
        {
            // Until the catalogue tells of it, the product has no id here; the SKU is enough to stock it.
            await transaction.Command(
                """
                insert into stock_items (sku, vendor_id, name, is_default, updated_at) values ($1, $2, $3, $4, $5) on conflict (sku) do nothing
                """,
                variant.Sku, product.Vendor, variant.Name is null ? title : $"{title}, {variant.Name}", index == 0, time.GetUtcNow()).ExecuteAsync(cancellation);
        }

        var items = await StockRows.LockAsync(transaction, [.. product.Variants.Select(variant => variant.Sku)], cancellation);
        var movements = new List<Movement>();
        foreach (var variant in product.Variants)
        {
            foreach (var stock in variant.Stock.Where(stock => items[variant.Sku].Places.All(place => place.Location != stock.Location)))
            {
                items[variant.Sku] = await book.OpenPlaceAsync(transaction, items[variant.Sku], stock.Location, cancellation);
                movements.Add(new Movement(variant.Sku, stock.Location, stock.Quantity, 0));
            }
        }

        await book.MoveAsync(transaction, items, movements, new Cause(MovementKinds.Received, "first stock", "seed"), cancellation);
        return movements.Count;
    }
}
