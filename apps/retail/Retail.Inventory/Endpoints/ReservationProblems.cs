using Retail.Inventory.Reserving;
using Slipway.Sdk.Problems;

namespace Retail.Inventory.Endpoints;

/// <summary>Why a reservation cannot be what was asked for any more.</summary>
internal static class ReservationProblems
{
    public static Problem Over(Reservation reservation) => Problem.Conflict(
        "reservationOver", "The reservation is over", $"The reservation of order {reservation.OrderId} is {reservation.Status}.") with
    {
        Args = new() { ["orderId"] = reservation.OrderId.ToString(), ["status"] = reservation.Status },
    };
}
