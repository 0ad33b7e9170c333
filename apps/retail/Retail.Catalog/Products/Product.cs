namespace Retail.Catalog.Products;

/// <summary>A product as it is stored: what is sold, by whom, in which variants. The first variant is the default one.</summary>
internal sealed record Product
{
    public required Guid Id { get; init; }

    public required Guid VendorId { get; init; }

    public string? VendorName { get; init; }

    public required ProductContent Content { get; init; }

    /// <summary>The hash of its picture, or null.</summary>
    public string? Image { get; init; }

    public bool InStock { get; init; }

    /// <summary>Counts changes of stock, which are no changes of the product.</summary>
    public long StockVersion { get; init; }

    public required long Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }

    public Variant Default => Content.Variants[0];
}

/// <summary>What a seller says about a product.</summary>
internal sealed record ProductContent
{
    public required string Name { get; init; }

    public string? NameDe { get; init; }

    public string Description { get; init; } = "";

    public string? DescriptionDe { get; init; }

    public required string Category { get; init; }

    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    public bool Active { get; init; } = true;

    public required IReadOnlyList<Variant> Variants { get; init; }

    /// <summary>Everything lists are narrowed by, as <c>name=value</c>.</summary>
    public IReadOnlyList<string> Traits() =>
        [.. Attributes.Concat(Variants.SelectMany(variant => variant.Attributes)).Select(pair => $"{pair.Key}={pair.Value}").Distinct().Order(StringComparer.Ordinal)];
}

/// <summary>The thing that is put into a cart.</summary>
internal sealed record Variant
{
    public const string Euro = "EUR";

    public required string Sku { get; init; }

    public string? Name { get; init; }

    public required long PriceMinor { get; init; }

    public string Currency { get; init; } = Euro;

    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>What the inventory last said; null before it said anything.</summary>
    public long? Available { get; init; }
}
