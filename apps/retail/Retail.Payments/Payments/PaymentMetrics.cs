using System.Diagnostics.Metrics;

namespace Retail.Payments.Payments;

/// <summary>Payments in figures. The labels are words of this program, so there are only so many series.</summary>
internal sealed class PaymentMetrics(Meter meter)
{
    private readonly Counter<long> _processed = meter.CreateCounter<long>("payments.processed", "{payment}", "Payments that came to a result, by that result.");
    private readonly Counter<long> _amount = meter.CreateCounter<long>("payments.amount.minor", null, "Money captured and refunded, in minor units.");
    private readonly Counter<long> _unknown = meter.CreateCounter<long>("payments.provider.unknown", "{call}", "Calls to the provider whose outcome had to be looked up.");
    private readonly Counter<long> _cardData = meter.CreateCounter<long>("payments.card.data.refused", "{request}", "Requests refused because there was a card number in them.");
    private readonly Histogram<double> _duration = meter.CreateHistogram<double>("payments.provider.duration", "s", "Calls to the provider.");
    private readonly Counter<long> _differences = meter.CreateCounter<long>("payments.reconciliation.differences", "{difference}", "Differences between our books and the provider's.");

    /// <summary>After the commit.</summary>
    public void Changed(PaymentState before, PaymentState after)
    {
        if (before.Status != after.Status && after.Status is not (PaymentStatus.Pending or PaymentStatus.ActionRequired or PaymentStatus.Authorized))
        {
            _processed.Add(1, new KeyValuePair<string, object?>("status", after.Status.Name()));
        }

        if (after.Captured > before.Captured)
        {
            _amount.Add(after.Captured - before.Captured, new KeyValuePair<string, object?>("direction", "captured"));
        }

        if (after.Refunded > before.Refunded)
        {
            _amount.Add(after.Refunded - before.Refunded, new KeyValuePair<string, object?>("direction", "refunded"));
        }
    }

    public void Called(string kind, TimeSpan duration, bool unknown)
    {
        _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("kind", kind));
        if (unknown)
        {
            _unknown.Add(1, new KeyValuePair<string, object?>("kind", kind));
        }
    }

    public void CardDataRefused() => _cardData.Add(1);

    public void Differs(int count) => _differences.Add(count);
}
