using System.Text.Json.Serialization;
using Retail.Orders.Ordering;
using Retail.Orders.People;
using Slipway.Sdk.Paging;

namespace Retail.Orders.Endpoints;

/// <summary>An order as clients of the first version read it.</summary>
internal sealed record OrderDocument
{
    public required Guid Id { get; set; }

    public required string OrderNumber { get; set; }

    [JsonPropertyName("user_id")]
    public required Guid? UserId { get; set; }

    public required string Status { get; set; }

    public required IReadOnlyList<ItemDocument> Items { get; set; }

    public required decimal Subtotal { get; set; }

    /// <summary>How much of the total is tax.</summary>
    public required decimal Tax { get; set; }

    public required decimal Shipping { get; set; }

    public required decimal Total { get; set; }

    public required decimal Captured { get; set; }

    public required decimal Refunded { get; set; }

    public required string Currency { get; set; }

    public AddressDocument? ShippingAddress { get; set; }

    public string? Email { get; set; }

    public required Guid? PaymentId { get; set; }

    public string? SagaState { get; set; }

    public required string? CancelReason { get; set; }

    /// <summary>Where the buyer confirms the payment.</summary>
    public string? ActionUrl { get; set; }

    public IReadOnlyList<ReturnDocument>? Returns { get; set; }

    public required long Version { get; set; }

    [JsonPropertyName("created_at")]
    public required DateTimeOffset CreatedAt { get; set; }

    [JsonPropertyName("updated_at")]
    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Only in the answer to a guest's order: what opens it later.</summary>
    public string? GuestToken { get; set; }
}

internal sealed record ItemDocument(Guid ProductId, string Sku, string Name, decimal UnitPrice, int Quantity, int Returned);

internal sealed record AddressDocument(string Name, string Street, string City, string PostalCode, string Country);

internal sealed record ReturnDocument(Guid Id, IReadOnlyList<ReturnedLine> Lines, decimal Amount, string Status, DateTimeOffset AskedAt, DateTimeOffset? RefundedAt, DateTimeOffset? RestockedAt);

internal sealed record OrderPage(IReadOnlyList<OrderDocument> Items, Page Page);

internal static class OrderDocuments
{
    public static OrderDocument Of(OrderState order, string? sagaState, OrderContact? contact) => new()
    {
        Id = order.Id,
        OrderNumber = order.OrderNumber,
        UserId = order.UserId,
        Status = order.Status.Name(),
        Items = Items(order.Items),
        Subtotal = Amount(order.Totals.SubtotalMinor),
        Tax = Amount(order.Totals.TaxMinor),
        Shipping = Amount(order.Totals.ShippingMinor),
        Total = Amount(order.Totals.TotalMinor),
        Captured = Amount(order.CapturedMinor),
        Refunded = Amount(order.RefundedMinor),
        Currency = order.Currency,
        ShippingAddress = contact is null ? null : Address(contact),
        Email = contact?.Email,
        PaymentId = order.PaymentId,
        SagaState = sagaState,
        CancelReason = order.CancelReason,
        ActionUrl = order.ActionUrl,
        Returns = [.. order.Returns.Select(Return)],
        Version = order.Version,
        CreatedAt = order.CreatedAt,
        UpdatedAt = order.UpdatedAt,
    };

    public static IReadOnlyList<ItemDocument> Items(IEnumerable<OrderItem> items) =>
        [.. items.Select(item => new ItemDocument(item.ProductId, item.Sku, item.Name, Amount(item.UnitPriceMinor), item.Quantity, item.Returned))];

    public static AddressDocument Address(OrderContact contact) => new(contact.Name, contact.Street, contact.City, contact.PostalCode, contact.Country);

    public static ReturnDocument Return(OrderReturn back) =>
        new(back.Id, back.Lines, Amount(back.AmountMinor), back.RefundedAt is null ? "requested" : "refunded", back.AskedAt, back.RefundedAt, back.RestockedAt);

    /// <summary>Minor units as a number with two digits behind the point, exactly.</summary>
    public static decimal Amount(long minor) => minor * 0.01m;
}
