namespace Retail.Inventory.Stock;

/// <summary>What lies at one place.</summary>
internal sealed record Place(Guid Id, string Location, long Quantity, long Reserved, long Version, DateTimeOffset UpdatedAt)
{
    public long Available => Quantity - Reserved;
}

/// <summary>One SKU and all the places where it lies.</summary>
internal sealed record StockItem
{
    public required string Sku { get; init; }

    public Guid? ProductId { get; init; }

    public Guid? VendorId { get; init; }

    public string? Name { get; init; }

    public bool Active { get; init; }

    public int Threshold { get; init; }

    /// <summary>It was told that little is left, and nothing has come since.</summary>
    public bool Low { get; init; }

    public long Version { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public IReadOnlyList<Place> Places { get; init; } = [];

    public long Quantity => Places.Sum(place => place.Quantity);

    public long Reserved => Places.Sum(place => place.Reserved);

    public long Available => Quantity - Reserved;
}

/// <summary>A change at one place, as the ledger keeps it.</summary>
internal readonly record struct Movement(string Sku, string Location, long Quantity, long Reserved);

/// <summary>Why stock changes, and who says so.</summary>
internal sealed record Cause(string Kind, string Reason, string Actor)
{
    public Guid? OrderId { get; init; }

    public Guid? ReturnId { get; init; }
}

/// <summary>The words of the ledger.</summary>
internal static class MovementKinds
{
    public const string Received = "received";
    public const string Adjusted = "adjusted";
    public const string Counted = "counted";
    public const string Reserved = "reserved";
    public const string Released = "released";
    public const string Expired = "expired";
    public const string Sold = "sold";
    public const string Restocked = "restocked";
    public const string Returned = "returned";
}
