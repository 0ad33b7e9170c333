using System.Text.Json.Serialization;
using Slipway.Telemetry.Alerts.Keeping;

namespace Slipway.Telemetry.Alerts.Delivery;

/// <summary>
/// One message to one way of one receiver, from the decision to send it until the other side has taken it. It holds no secrets:
/// those are read when it is sent.
/// </summary>
internal sealed record Notice
{
    /// <summary>Sorts by age.</summary>
    public string Id { get; set; } = "";

    public string Receiver { get; set; } = "";

    public string Way { get; set; } = "";

    public string GroupKey { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    public SortedDictionary<string, string> GroupLabels { get; set; } = [];

    public List<KeptAlert> Firing { get; set; } = [];

    public List<KeptAlert> Resolved { get; set; } = [];

    [JsonIgnore]
    public bool IsFiring => Firing.Count > 0;

    [JsonIgnore]
    public string Status => IsFiring ? "firing" : "resolved";

    /// <summary>Messages of one lane arrive in order.</summary>
    [JsonIgnore]
    public string Lane => $"{Receiver}\n{Way}\n{GroupKey}";

    public SortedDictionary<string, string> CommonLabels() => Common(alert => alert.Labels);

    public SortedDictionary<string, string> CommonAnnotations() => Common(alert => alert.Annotations);

    private SortedDictionary<string, string> Common(Func<KeptAlert, SortedDictionary<string, string>> of)
    {
        var all = Firing.Concat(Resolved).Select(of).ToList();
        var common = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in all.Count == 0 ? [] : all[0])
        {
            if (all.TrueForAll(one => one.TryGetValue(name, out var other) && other == value))
            {
                common[name] = value;
            }
        }

        return common;
    }
}

/// <param name="Error">Null when the other side has taken it.</param>
/// <param name="RetryAfter">When the other side wants to be asked again.</param>
internal readonly record struct SendResult(string? Error, TimeSpan? RetryAfter = null)
{
    public static SendResult Delivered => default;
}

/// <summary>Tells one way of a receiver. It never throws for what the other side does.</summary>
internal interface INoticeSender
{
    Task<SendResult> SendAsync(Routing.Way way, Notice notice, CancellationToken cancellation);
}
