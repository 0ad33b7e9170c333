using Slipway.Model.Resources;

namespace Slipway.Api.Platform.Services;

/// <summary>The one word that says how a service is. Pure.</summary>
internal static class ServiceHealth
{
    public const string Unknown = "unknown";
    public const string Healthy = "healthy";
    public const string Degraded = "degraded";
    public const string Unhealthy = "unhealthy";

    /// <param name="ready">Status of the Service's Ready condition; null before it has one.</param>
    /// <param name="serving">Instances that may receive requests now.</param>
    /// <param name="failing">Instances whose probes fail.</param>
    public static string Of(string? ready, int serving, int failing, bool stopped) => ready switch
    {
        _ when stopped => Unknown,

        // Without instances it may well be asleep: a service that scales to zero is healthy as long as it could wake up.
        ConditionStatus.True when failing == 0 => Healthy,
        ConditionStatus.True => serving > 0 ? Degraded : Unhealthy,

        // An older revision goes on serving while the newest one cannot.
        ConditionStatus.False => serving > 0 ? Degraded : Unhealthy,
        _ => serving > 0 && failing == 0 ? Healthy : Unknown,
    };
}
