namespace Slipway.Sdk.Health;

/// <summary>Something a service depends on, and how to find out whether it is there.</summary>
internal sealed record HealthCheck(string Name, bool Critical, Func<IServiceProvider, CancellationToken, Task<string?>> Run);

internal sealed class HealthChecks
{
    private readonly List<HealthCheck> _all = [];

    public IReadOnlyList<HealthCheck> All => _all;

    public void Add(HealthCheck check)
    {
        if (_all.Exists(known => known.Name == check.Name))
        {
            throw new ArgumentException($"There is a check {check.Name} already.", nameof(check));
        }

        _all.Add(check);
    }
}

/// <param name="Failure">Null if all is well.</param>
internal sealed record CheckResult(string Name, bool Critical, string? Failure, double LatencyMilliseconds);
