using System.Text.Json;
using System.Text.Json.Nodes;
using Retail.Catalog.Endpoints;
using Slipway.Sdk.Problems;

namespace Retail.Catalog.Products;

/// <summary>What a product is after somebody has sent a new description of it, or a part of one.</summary>
internal static class ProductMerging
{
    public static readonly IReadOnlySet<string> PatchMembers =
        new HashSet<string>(StringComparer.Ordinal) { "sku", "name", "description", "category", "price", "currency", "attributes", "active", "variants", "translations" };

    /// <summary>Who sends no variants knows of none: then only the default one is replaced, and the SKU stays unless one is sent.</summary>
    public static Outcome<ProductContent> Replace(ProductContent existing, ProductContent wanted, ProductBody body)
    {
        if (body.Variants is not null)
        {
            return body.Variants.Exists(variant => variant?.Sku is null)
                ? Problem.Invalid([new Finding("required", "Each variant needs its sku, so that it is known which one it was.") { Pointer = "/variants" }])
                : wanted;
        }

        var first = existing.Variants[0];
        var sent = wanted.Variants[0];
        return WithDefault(wanted with { Variants = existing.Variants }, first with { Sku = body.Sku is null ? first.Sku : sent.Sku, PriceMinor = sent.PriceMinor });
    }

    /// <summary>A merge patch is read as the whole it results in.</summary>
    public static Outcome<ProductContent> Patch(ProductContent existing, JsonObject patch)
    {
        var whole = Whole(existing);
        var onlyDefault = !patch.ContainsKey("variants");
        if (onlyDefault)
        {
            whole.Remove("variants");
        }
        else
        {
            // The list that comes decides; what stood at the top was said of the list before.
            whole.Remove("sku");
            whole.Remove("price");
        }

        Merge(whole, patch);
        ProductBody? body;
        try
        {
            body = whole.Deserialize(CatalogJson.Default.ProductBody);
        }
        catch (JsonException exception)
        {
            return Mistyped(exception);
        }
        catch (InvalidOperationException)
        {
            // Half of a character, written as an escape, is valid JSON and no text.
            return Problem.Invalid([new Finding("mistyped", "Some text of the body is no valid text.") { Pointer = "" }]);
        }

        return ProductRules.Check(body!, madeSku: null).Is(out var wanted, out var problem) ? Replace(existing, wanted, body!) : problem;
    }

    public static Outcome<ProductContent> SetPrice(ProductContent existing, string? sku, long priceMinor)
    {
        var at = sku is null ? 0 : existing.Variants.ToList().FindIndex(variant => variant.Sku == sku);
        if (at < 0)
        {
            return Problem.Invalid([new Finding("unknownSku", $"The product has no variant {sku}.") { Pointer = "/sku" }]);
        }

        return existing with { Variants = [.. existing.Variants.Select((variant, place) => place == at ? variant with { PriceMinor = priceMinor } : variant)] };
    }

    /// <summary>A product as its seller would have to send it.</summary>
    public static ProductBody Body(Product product) => Body(product.Content) with { VendorId = product.VendorId };

    private static Outcome<ProductContent> WithDefault(ProductContent content, Variant first) => content.Variants.Skip(1).Any(variant => variant.Sku == first.Sku)
        ? Problem.Invalid([new Finding("repeated", $"{first.Sku} is another variant of this product.") { Pointer = "/sku" }])
        : content with { Variants = [first, .. content.Variants.Skip(1)] };

    private static JsonObject Whole(ProductContent content) => JsonSerializer.SerializeToNode(Body(content), CatalogJson.Default.ProductBody)!.AsObject();

    private static ProductBody Body(ProductContent content) => new()
    {
        Sku = content.Variants[0].Sku,
        Name = content.Name,
        Description = content.Description,
        Category = content.Category,
        Price = Prices.Decimal(content.Variants[0].PriceMinor),
        Attributes = content.Attributes.ToDictionary(),
        Active = content.Active,
        Variants = [.. content.Variants.Select(variant => new VariantBody
        {
            Sku = variant.Sku, Name = variant.Name, Price = Prices.Decimal(variant.PriceMinor), Attributes = variant.Attributes.ToDictionary(),
        })],
        Translations = new TranslationsBody { De = new TranslationBody { Name = content.NameDe, Description = content.DescriptionDe } },
    };

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else if (value is JsonObject inner)
            {
                if (target[name] is not JsonObject existing)
                {
                    target[name] = existing = [];
                }

                Merge(existing, inner);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }

    /// <summary>$.variants[0].price → /variants/0/price</summary>
    private static Problem Mistyped(JsonException exception)
    {
        var pointer = (exception.Path ?? "$")[1..].Replace("[", "/", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Replace('.', '/').Replace("'", "", StringComparison.Ordinal);
        return Problem.Invalid([new Finding("mistyped", $"{(pointer.Length == 0 ? "The body" : pointer)} has a value of the wrong type, or a field nobody knows.") { Pointer = pointer }]);
    }
}
