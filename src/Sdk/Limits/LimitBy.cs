namespace Slipway.Sdk.Limits;

/// <summary>Who shares a limit.</summary>
public enum LimitBy
{
    /// <summary>Each caller has its own; without one, everybody of a network (an IPv4 address or an IPv6 /64) shares.</summary>
    CallerOrNetwork,

    /// <summary>Everybody of a network shares, whoever they are.</summary>
    Network,

    /// <summary>One for all.</summary>
    Everybody,
}
