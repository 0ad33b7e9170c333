using System.Text.Json.Serialization;
using Slipway.Runtime.Endpoints;

namespace Slipway.Control.Autoscaling.Decisions;

/// <summary>
/// One answer to "how many instances?", with everything it was made from. Setters instead of <c>init</c> because the JSON
/// source generator loses the defaults of the latter.
/// </summary>
public sealed record ScalingDecision
{
    public string Namespace { get; set; } = "";

    public string Revision { get; set; } = "";

    public string Uid { get; set; } = "";

    public DateTimeOffset At { get; set; }

    /// <summary>The last time the very same decision was made again; equal decisions are kept once.</summary>
    public DateTimeOffset LastAt { get; set; }

    public int Times { get; set; } = 1;

    /// <summary><c>kpa</c>, <c>hpa</c>, <c>manual</c> or <c>wake-up</c>.</summary>
    public string Class { get; set; } = "";

    public string Metric { get; set; } = "";

    public int Wanted { get; set; }

    public int Before { get; set; }

    public int Ready { get; set; }

    public double? StableAverage { get; set; }

    public double? PanicAverage { get; set; }

    public double? Target { get; set; }

    public bool Panicking { get; set; }

    public int? ExcessBurstCapacity { get; set; }

    public int InstancesMin { get; set; }

    public int InstancesMax { get; set; }

    public bool Reachable { get; set; }

    /// <summary>The decision in one sentence.</summary>
    public string Explanation { get; set; } = "";

    [JsonIgnore]
    public RevisionKey Key => new(Namespace, Revision);

    /// <summary>Whether the other decision says the same of the same numbers; only time has passed.</summary>
    internal bool Repeats(ScalingDecision other) =>
        other with { At = At, LastAt = LastAt, Times = Times, Before = Before } == this && Before == Wanted;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ScalingDecision))]
internal sealed partial class DecisionJson : JsonSerializerContext;
