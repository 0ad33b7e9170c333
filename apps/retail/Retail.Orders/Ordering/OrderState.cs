namespace Retail.Orders.Ordering;

/// <summary>An order as its events have made it.</summary>
internal sealed record OrderState
{
    public required Guid Id { get; set; }

    public long Version { get; set; }

    public string OrderNumber { get; set; } = "";

    public Guid? UserId { get; set; }

    public OrderStatus Status { get; set; }

    public IReadOnlyList<OrderItem> Items { get; set; } = [];

    public OrderTotals Totals { get; set; } = new(0, 0, 0, 0);

    public string Currency { get; set; } = "EUR";

    public string Country { get; set; } = "";

    public Guid? PaymentId { get; set; }

    public long CapturedMinor { get; set; }

    public long RefundedMinor { get; set; }

    public string? CancelReason { get; set; }

    /// <summary>Where the buyer confirms the payment, while that is waited for.</summary>
    public string? ActionUrl { get; set; }

    public IReadOnlyList<OrderReturn> Returns { get; set; } = [];

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public bool AllReturned => Items.All(item => item.Returned == item.Quantity);

    /// <summary>What the buyer still has of the order.</summary>
    public IEnumerable<ReturnedLine> Kept => Items.Where(item => item.Quantity > item.Returned).Select(item => new ReturnedLine(item.Sku, item.Quantity - item.Returned));
}

internal sealed record OrderItem(string Sku, Guid ProductId, Guid VendorId, string Name, long UnitPriceMinor, int Quantity, int Returned);

internal sealed record OrderReturn(Guid Id, IReadOnlyList<ReturnedLine> Lines, long AmountMinor, DateTimeOffset AskedAt)
{
    public DateTimeOffset? RefundedAt { get; init; }

    public DateTimeOffset? RestockedAt { get; init; }
}
