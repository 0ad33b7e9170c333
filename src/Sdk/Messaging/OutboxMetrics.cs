using System.Diagnostics.Metrics;

namespace Slipway.Sdk.Messaging;

/// <summary>The outbox in figures, on the meter <c>Slipway.Outbox</c>.</summary>
internal sealed class OutboxMetrics : IDisposable
{
    private readonly Meter _meter = new("Slipway.Outbox");
    private readonly Counter<long> _sent;
    private readonly Counter<long> _refused;

    public OutboxMetrics()
    {
        _sent = _meter.CreateCounter<long>("outbox.sent", "{event}", "Events that arrived at the sink.");
        _refused = _meter.CreateCounter<long>("outbox.refused", "{attempt}", "Attempts that the sink refused or that did not reach it.");
        _meter.CreateObservableGauge("outbox.pending", () => State.Pending, "{event}", "Events that wait to be sent.");
        _meter.CreateObservableGauge("outbox.lag", () => State.OldestSeconds, "s", "Age of the oldest event that waits.");
        _meter.CreateObservableGauge("outbox.dead", () => State.Dead, "{key}", "Keys whose first event was given up.");
    }

    /// <summary>As the relay saw it last.</summary>
    public OutboxState State { get; set; } = new(0, 0, 0);

    public void Sent(int count) => _sent.Add(count);

    public void Refused() => _refused.Add(1);

    public void Dispose() => _meter.Dispose();
}
