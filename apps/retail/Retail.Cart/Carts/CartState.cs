namespace Retail.Cart.Carts;

/// <summary>A line as it is stored, with what is known of its product now.</summary>
internal sealed record CartLine
{
    public int Id { get; init; }

    public required string ProductId { get; init; }

    public required string Sku { get; init; }

    public required string Name { get; init; }

    /// <summary>What it costs now, in cents.</summary>
    public long PriceMinor { get; init; }

    /// <summary>What the buyer was shown last, in cents.</summary>
    public long SeenMinor { get; init; }

    public int Quantity { get; init; }

    public bool Sold { get; init; } = true;

    public string? ImageUrl { get; init; }

    /// <summary>Null as long as nobody has said.</summary>
    public long? Available { get; init; }

    public long SubtotalMinor => PriceMinor * Quantity;
}

internal sealed record CartState
{
    public int? Id { get; init; }

    public required string CustomerId { get; init; }

    public long Version { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }

    public IReadOnlyList<CartLine> Lines { get; init; } = [];

    public int TotalItems => Lines.Sum(line => line.Quantity);

    public long TotalMinor => Lines.Sum(line => line.SubtotalMinor);

    public static CartState Empty(string customer) => new() { CustomerId = customer };
}
