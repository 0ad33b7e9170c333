using System.Diagnostics.Metrics;

namespace Slipway.Eventing;

/// <summary>The event bus in figures, on the meter <c>Slipway.Eventing</c>.</summary>
internal sealed class EventingFigures : IDisposable
{
    public const string MeterName = "Slipway.Eventing";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _appended;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _delivered;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _dead;
    private readonly Counter<long> _unfit;

    public EventingFigures()
    {
        _appended = _meter.CreateCounter<long>("eventing.appended", "{event}", "Events that became durable.");
        _duplicates = _meter.CreateCounter<long>("eventing.duplicates", "{event}", "Events that were there before.");
        _refused = _meter.CreateCounter<long>("eventing.refused", "{request}", "Requests to publish that were refused.");
        _delivered = _meter.CreateCounter<long>("eventing.delivered", "{event}", "Deliveries that were accepted.");
        _failed = _meter.CreateCounter<long>("eventing.failed", "{attempt}", "Attempts to deliver that failed.");
        _dead = _meter.CreateCounter<long>("eventing.dead", "{event}", "Deliveries that were given up.");
        _unfit = _meter.CreateCounter<long>("eventing.unfit", "{event}", "Events that do not fit the schema of their type.");
    }

    public void Appended(string topic, int events, int duplicates)
    {
        _appended.Add(events, new KeyValuePair<string, object?>("topic", topic));
        if (duplicates > 0)
        {
            _duplicates.Add(duplicates, new KeyValuePair<string, object?>("topic", topic));
        }
    }

    public void Refused(string code) => _refused.Add(1, new KeyValuePair<string, object?>("code", code));

    public void Delivered(string trigger) => _delivered.Add(1, new KeyValuePair<string, object?>("trigger", trigger));

    public void Failed(string trigger) => _failed.Add(1, new KeyValuePair<string, object?>("trigger", trigger));

    public void Dead(string trigger) => _dead.Add(1, new KeyValuePair<string, object?>("trigger", trigger));

    public void Unfit(string topic) => _unfit.Add(1, new KeyValuePair<string, object?>("topic", topic));

    public void Dispose() => _meter.Dispose();
}
