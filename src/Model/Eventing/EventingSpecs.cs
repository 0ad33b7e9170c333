using Slipway.Model.Resources;

namespace Slipway.Model.Eventing;

/// <summary>A topic: a durable log that takes events in and from which Triggers push them out.</summary>
public sealed record BrokerSpec
{
    public DeliverySpec? Delivery { get; set; }
}

public sealed record BrokerStatus
{
    public long ObservedGeneration { get; set; }

    public List<Condition> Conditions { get; set; } = [];

    public BrokerAddress? Address { get; set; }
}

public sealed record BrokerAddress
{
    public string? Name { get; set; }

    public string Url { get; set; } = "";
}

/// <summary>Which events of a Broker go to whom.</summary>
public sealed record TriggerSpec
{
    public string Broker { get; set; } = "";

    /// <summary>The older way of asking for exact values; both ways must hold when both are given.</summary>
    public AttributeFilter? Filter { get; set; }

    public List<FilterSpec>? Filters { get; set; }

    public Destination Subscriber { get; set; } = new();

    public DeliverySpec? Delivery { get; set; }
}

public sealed record AttributeFilter
{
    public Dictionary<string, string>? Attributes { get; set; }
}

/// <summary>Exactly one member is set.</summary>
public sealed record FilterSpec
{
    public Dictionary<string, string>? Exact { get; set; }

    public Dictionary<string, string>? Prefix { get; set; }

    public Dictionary<string, string>? Suffix { get; set; }

    public List<FilterSpec>? All { get; set; }

    public List<FilterSpec>? Any { get; set; }

    public FilterSpec? Not { get; set; }
}

/// <summary>A service by reference, an address, or an address relative to the service.</summary>
public sealed record Destination
{
    public SubscriberReference? Ref { get; set; }

    public string? Uri { get; set; }
}

public sealed record SubscriberReference
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public string Name { get; set; } = "";

    public string? Namespace { get; set; }
}

/// <summary>How often and how long delivery is tried. A Trigger's own wins over its Broker's, member by member.</summary>
public sealed record DeliverySpec
{
    public int? Retry { get; set; }

    public string? BackoffPolicy { get; set; }

    public string? BackoffDelay { get; set; }

    public string? Timeout { get; set; }

    public string? RetryAfterMax { get; set; }

    public Destination? DeadLetterSink { get; set; }
}

public sealed record TriggerStatus
{
    public long ObservedGeneration { get; set; }

    public List<Condition> Conditions { get; set; } = [];

    public string? SubscriberUri { get; set; }

    public string? DeadLetterSinkUri { get; set; }
}
