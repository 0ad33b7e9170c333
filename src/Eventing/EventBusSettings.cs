namespace Slipway.Eventing;

/// <summary>What the composition root tells the event bus.</summary>
public sealed record EventBusSettings
{
    /// <summary>Where publishers reach it, without a path.</summary>
    public required Uri Address { get; init; }

    /// <summary>Where the gateway listens for programs on this machine.</summary>
    public required Uri Gateway { get; init; }

    /// <summary>What the keys of all services are derived from.</summary>
    public required byte[] PlatformKey { get; init; }

    /// <summary>Who may look into topics, move positions and decide about dead letters.</summary>
    public required string AdminToken { get; init; }
}
