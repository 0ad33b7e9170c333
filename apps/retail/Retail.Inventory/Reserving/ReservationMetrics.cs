using System.Diagnostics.Metrics;

namespace Retail.Inventory.Reserving;

/// <summary>What became of reservations. The results are words of this program, so there are only so many series.</summary>
internal sealed class ReservationMetrics(Meter meter)
{
    private readonly Counter<long> _reservations = meter.CreateCounter<long>("inventory.reservations", "{reservation}", "Reservations by what became of them.");

    public void Count(string result) => _reservations.Add(1, new KeyValuePair<string, object?>("result", result));
}
