using Slipway.Model.Resources;

namespace Slipway.Model.Serving;

public sealed record ServiceSpec
{
    public Template Template { get; set; } = new();

    public List<TrafficTarget>? Traffic { get; set; }
}

public sealed record ConfigurationSpec
{
    public Template Template { get; set; } = new();
}

public sealed record RouteSpec
{
    public List<TrafficTarget>? Traffic { get; set; }
}

/// <summary>One share of the traffic; in a status <see cref="RevisionName"/> is always resolved.</summary>
public sealed record TrafficTarget
{
    public string? ConfigurationName { get; set; }

    public string? RevisionName { get; set; }

    public bool? LatestRevision { get; set; }

    public int? Percent { get; set; }

    public string? Tag { get; set; }

    public string? Url { get; set; }
}

public sealed record Address
{
    public string? Url { get; set; }
}

public sealed record ServiceStatus
{
    public long ObservedGeneration { get; set; }

    public List<Condition> Conditions { get; set; } = [];

    public string? LatestCreatedRevisionName { get; set; }

    public string? LatestReadyRevisionName { get; set; }

    public string? Url { get; set; }

    public Address? Address { get; set; }

    public List<TrafficTarget>? Traffic { get; set; }
}

public sealed record ConfigurationStatus
{
    public long ObservedGeneration { get; set; }

    public List<Condition> Conditions { get; set; } = [];

    public string? LatestCreatedRevisionName { get; set; }

    public string? LatestReadyRevisionName { get; set; }
}

public sealed record RouteStatus
{
    public long ObservedGeneration { get; set; }

    public List<Condition> Conditions { get; set; } = [];

    public string? Url { get; set; }

    public Address? Address { get; set; }

    public List<TrafficTarget>? Traffic { get; set; }
}

public sealed record RevisionStatus
{
    public long ObservedGeneration { get; set; }

    public List<Condition> Conditions { get; set; } = [];

    public List<ContainerDigest>? ContainerStatuses { get; set; }

    public int? ActualReplicas { get; set; }

    public int? DesiredReplicas { get; set; }

    public string? LogUrl { get; set; }
}

public sealed record ContainerDigest
{
    public string Name { get; set; } = "";

    public string? ImageDigest { get; set; }
}
