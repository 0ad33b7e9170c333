namespace Slipway.Runtime.Health;

/// <summary>
/// What the probes of one instance say.
/// </summary>
/// <param name="Started">The startup probe (or the first readiness probe) has passed at least once.</param>
/// <param name="Ready">It may receive new requests.</param>
/// <param name="Failing">Liveness or startup failed beyond its threshold: the instance is to be replaced.</param>
/// <param name="Message">Why it is not ready, in words for a condition.</param>
public sealed record HealthState(string InstanceId, bool Started, bool Ready, bool Failing, string? Message);

/// <summary>Probes every instance a driver runs, from its start to its end, and pauses while one is frozen.</summary>
public interface IInstanceHealth
{
    HealthState? Find(string instanceId);

    event Action<HealthState>? Changed;
}
