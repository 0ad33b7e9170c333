namespace Retail.Contracts;

/// <summary>The whole product after the change: consumers replace what they know when <see cref="Version"/> is newer.</summary>
public sealed record ProductChanged
{
    public required Guid ProductId { get; init; }

    public required long Version { get; init; }

    public required string Name { get; init; }

    public required string Category { get; init; }

    public required Guid VendorId { get; init; }

    /// <summary>False: no longer sold, but still shown to those who have it.</summary>
    public required bool Active { get; init; }

    /// <summary>The first is the default one, meant by whoever names only the product.</summary>
    public required IReadOnlyList<ProductVariant> Variants { get; init; }

    public string? ImageUrl { get; init; }
}

public sealed record ProductVariant(string Sku, string? Name, long PriceMinor, string Currency);

/// <summary>Gone for good.</summary>
public sealed record ProductDeleted(Guid ProductId, long Version, IReadOnlyList<string> Skus);
