using System.Text.Json.Serialization;

namespace Retail.Catalog.Products;

/// <summary>A product as a seller writes it. Without variants it is one thing with one price.</summary>
internal sealed record ProductBody
{
    public string? Sku { get; set; }

    public string? Name { get; set; }

    public string? Description { get; set; }

    public string? Category { get; set; }

    public decimal? Price { get; set; }

    public string? Currency { get; set; }

    /// <summary>For administrators, who sell in the name of others.</summary>
    [JsonPropertyName("vendor_id")]
    public Guid? VendorId { get; set; }

    public Dictionary<string, string>? Attributes { get; set; }

    public bool? Active { get; set; }

    public List<VariantBody?>? Variants { get; set; }

    public TranslationsBody? Translations { get; set; }
}

internal sealed record VariantBody
{
    public string? Sku { get; set; }

    public string? Name { get; set; }

    public decimal? Price { get; set; }

    public string? Currency { get; set; }

    public Dictionary<string, string>? Attributes { get; set; }
}

internal sealed record TranslationsBody
{
    public TranslationBody? De { get; set; }
}

internal sealed record TranslationBody
{
    public string? Name { get; set; }

    public string? Description { get; set; }
}

internal sealed record PriceBody
{
    public decimal? Price { get; set; }

    public string? Currency { get; set; }

    /// <summary>The variant it is for; the default one when left out.</summary>
    public string? Sku { get; set; }
}
