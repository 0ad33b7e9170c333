using System.Diagnostics.Metrics;

namespace Retail.Orders.Sagas;

/// <summary>The business in figures. Phases and outcomes are words of this program, so there are only so many series.</summary>
internal sealed class SagaMetrics
{
    private readonly Counter<long> _created;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _revenue;
    private readonly Counter<long> _refunded;
    private readonly Histogram<double> _duration;

    public SagaMetrics(Meter meter)
    {
        _created = meter.CreateCounter<long>("orders.created", null, "Orders that were placed.");
        _ended = meter.CreateCounter<long>("orders.sagas.ended", null, "Purchases that came to an end, by how.");
        _revenue = meter.CreateCounter<long>("orders.revenue.cents", null, "Money taken for confirmed orders, in minor units.");
        _refunded = meter.CreateCounter<long>("orders.refunded.cents", null, "Money given back, in minor units.");
        _duration = meter.CreateHistogram<double>("orders.saga.duration", "s", "From placing an order to the end of its saga.");
        meter.CreateObservableGauge(
            "orders.sagas.open", () => Open.Select(phase => new Measurement<long>(phase.Value, new KeyValuePair<string, object?>("phase", phase.Key))), null, "Purchases under way, by phase.");
    }

    /// <summary>As the clock counted them last.</summary>
    public IReadOnlyDictionary<string, long> Open { get; set; } = new Dictionary<string, long>();

    public void Created() => _created.Add(1);

    public void Moved(SagaState before, SagaState after)
    {
        if (after.RefundedMinor > before.RefundedMinor)
        {
            _refunded.Add(after.RefundedMinor - before.RefundedMinor);
        }

        if (!after.Ended || after.Phase == before.Phase)
        {
            return;
        }

        var outcome = new KeyValuePair<string, object?>("outcome", after.Phase.Name());
        _ended.Add(1, outcome);
        _duration.Record((after.EndedAt!.Value - after.StartedAt).TotalSeconds, outcome);
        if (after.Phase == SagaPhase.Confirmed)
        {
            _revenue.Add(after.CapturedMinor);
        }
    }
}
