using System.Text.Json.Serialization;
using Retail.Catalog.Products;
using Retail.Catalog.Searching;
using Retail.Catalog.Stock;

namespace Retail.Catalog.Endpoints;

/// <summary>A product as clients of the first version read it: prices are decimal numbers.</summary>
internal sealed record ProductDocument : ProductFields
{
    public required decimal Price { get; init; }

    public required string Currency { get; init; }

    public required IReadOnlyList<VariantDocument> Variants { get; init; }

    public static ProductDocument Of(Product product) => new()
    {
        Price = Prices.Decimal(product.Default.PriceMinor),
        Currency = product.Default.Currency,
        Variants = [.. product.Content.Variants.Select(variant => new VariantDocument(
            variant.Sku, variant.Name, Prices.Decimal(variant.PriceMinor), variant.Currency, variant.Attributes, StockHint.Of(variant.Available)))],
        Id = product.Id,
        Sku = product.Default.Sku,
        Name = product.Content.Name,
        Description = product.Content.Description,
        Category = product.Content.Category,
        VendorId = product.VendorId,
        VendorName = product.VendorName,
        ImageUrl = ImageAddress.Of(product),
        Attributes = product.Content.Attributes,
        Active = product.Content.Active,
        InStock = product.InStock,
        Translations = TranslationsOf(product),
        CreatedAt = product.CreatedAt,
        UpdatedAt = product.UpdatedAt,
        Version = product.Version,
    };
}

/// <summary>The same for clients of the second version: money is whole cents with its currency.</summary>
internal sealed record ProductDocumentV2 : ProductFields
{
    public required MoneyDocument Price { get; init; }

    public required IReadOnlyList<VariantDocumentV2> Variants { get; init; }

    public static ProductDocumentV2 Of(Product product) => new()
    {
        Price = new MoneyDocument(product.Default.PriceMinor, product.Default.Currency),
        Variants = [.. product.Content.Variants.Select(variant => new VariantDocumentV2(
            variant.Sku, variant.Name, new MoneyDocument(variant.PriceMinor, variant.Currency), variant.Attributes, StockHint.Of(variant.Available)))],
        Id = product.Id,
        Sku = product.Default.Sku,
        Name = product.Content.Name,
        Description = product.Content.Description,
        Category = product.Content.Category,
        VendorId = product.VendorId,
        VendorName = product.VendorName,
        ImageUrl = ImageAddress.Of(product),
        Attributes = product.Content.Attributes,
        Active = product.Content.Active,
        InStock = product.InStock,
        Translations = TranslationsOf(product),
        CreatedAt = product.CreatedAt,
        UpdatedAt = product.UpdatedAt,
        Version = product.Version,
    };
}

internal abstract record ProductFields
{
    public required Guid Id { get; init; }

    public required string Sku { get; init; }

    public required string Name { get; init; }

    public required string Description { get; init; }

    public required string Category { get; init; }

    [JsonPropertyName("vendor_id")]
    public required Guid VendorId { get; init; }

    [JsonPropertyName("vendor_name")]
    public required string? VendorName { get; init; }

    public required string? ImageUrl { get; init; }

    public required IReadOnlyDictionary<string, string> Attributes { get; init; }

    public required bool Active { get; init; }

    public required bool InStock { get; init; }

    public required TranslationsBody? Translations { get; init; }

    [JsonPropertyName("created_at")]
    public required DateTimeOffset CreatedAt { get; init; }

    [JsonPropertyName("updated_at")]
    public required DateTimeOffset UpdatedAt { get; init; }

    public required long Version { get; init; }

    protected static TranslationsBody? TranslationsOf(Product product) => product.Content is { NameDe: null, DescriptionDe: null }
        ? null
        : new TranslationsBody { De = new TranslationBody { Name = product.Content.NameDe, Description = product.Content.DescriptionDe } };
}

internal sealed record VariantDocument(
    string Sku, string? Name, decimal Price, string Currency, IReadOnlyDictionary<string, string> Attributes, [property: JsonPropertyName("stock_hint")] string StockHint);

internal sealed record VariantDocumentV2(
    string Sku, string? Name, MoneyDocument Price, IReadOnlyDictionary<string, string> Attributes, [property: JsonPropertyName("stock_hint")] string StockHint);

internal sealed record MoneyDocument(long Amount, string Currency);

/// <summary>A page of a list. What a search also says is left out elsewhere.</summary>
internal sealed record ProductPage<T>
{
    public required IReadOnlyList<T> Items { get; init; }

    public required int Page { get; init; }

    public required int PageSize { get; init; }

    public required long Total { get; init; }

    /// <summary>False when there are more than were counted.</summary>
    public required bool TotalExact { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Facet>? Facets { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? FacetsExact { get; init; }

    /// <summary>Words no product has, and what was looked for instead.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CorrectionDocument>? Corrections { get; init; }
}

internal sealed record CorrectionDocument(string From, IReadOnlyList<string> To);
