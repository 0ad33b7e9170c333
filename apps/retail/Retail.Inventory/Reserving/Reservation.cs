using Retail.Contracts;

namespace Retail.Inventory.Reserving;

/// <summary>What an order holds. The words are those of the table.</summary>
internal static class ReservationStatus
{
    /// <summary>Heard of, but nothing is decided yet.</summary>
    public const string New = "new";

    /// <summary>Confirmed before it was known what is ordered.</summary>
    public const string Early = "early";

    public const string Refused = "refused";
    public const string Held = "held";
    public const string Confirmed = "confirmed";
    public const string Released = "released";
    public const string Expired = "expired";
}

internal sealed record ReservationLine(Guid Id, string Sku, string Location, int Quantity, int Returned);

internal sealed record Reservation
{
    public required Guid OrderId { get; init; }

    public required Guid Id { get; init; }

    public required string Status { get; init; }

    public string? Reason { get; init; }

    public IReadOnlyList<MissingPiece> Missing { get; init; } = [];

    public DateTimeOffset ExpiresAt { get; init; }

    public IReadOnlyList<ReservationLine> Lines { get; init; } = [];

    public IReadOnlyList<OrderedPiece> Pieces => Allocation.Together(Lines.Select(line => new OrderedPiece(line.Sku, line.Quantity)));
}
