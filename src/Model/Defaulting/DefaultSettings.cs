namespace Slipway.Model.Defaulting;

/// <summary>What an installation may choose about defaults and the limits that go with them.</summary>
public sealed record DefaultSettings
{
    public static DefaultSettings Standard { get; } = new();

    public int TimeoutSeconds { get; init; } = 300;

    public int TimeoutSecondsMax { get; init; } = 600;

    /// <summary>0 sets no limit.</summary>
    public int ContainerConcurrency { get; init; }

    public int ContainerConcurrencyMax { get; init; } = 1000;

    /// <summary>Whether a new revision may become ready without ever having started an instance.</summary>
    public bool AllowZeroInitialScale { get; init; }

    public string ContainerName { get; init; } = "user-container";

    /// <summary>Default limits and requests such as <c>cpu: 1</c>; empty leaves <c>resources: {}</c>.</summary>
    public IReadOnlyDictionary<string, string> ResourceLimits { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> ResourceRequests { get; init; } = new Dictionary<string, string>();
}
