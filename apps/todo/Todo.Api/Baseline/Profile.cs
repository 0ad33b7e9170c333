using Slipway.Sdk.Database;
using Slipway.Sdk.Settings;

namespace Todo.Api.Baseline;

/// <summary>
/// <c>PROFILE=baseline</c> runs the service the way it was before it was made fast, so that both can be measured with the same load: a
/// small cold pool, no breaker, nothing remembered. What is set explicitly still counts.
/// </summary>
internal sealed record Profile(bool IsBaseline)
{
    public static Profile Read(ServiceSettings settings) => new(settings.Choice("PROFILE", "optimized", "optimized", "baseline") == "baseline");

    public void Apply(ServiceSettings settings, DatabaseOptions options)
    {
        var acquire = TimeSpan.FromSeconds(IsBaseline ? 30 : 60);
        options.AcquireTimeout = settings.Text("DB_POOL_ACQUIRE_MS") is null ? acquire : options.AcquireTimeout;
        if (!IsBaseline)
        {
            return;
        }

        options.PoolMax = settings.Text("DB_POOL_MAX") is null ? 5 : options.PoolMax;
        options.PoolMin = settings.Text("DB_POOL_MIN") is null ? 0 : options.PoolMin;
        options.IdleLifetime = settings.Text("DB_POOL_IDLE_MS") is null ? TimeSpan.FromSeconds(10) : options.IdleLifetime;
        options.BreakerOn = settings.Text("BREAKER") is not null && options.BreakerOn;
        options.BreakerTimeout = settings.Text("BREAKER_TIMEOUT_MS") is null ? TimeSpan.FromSeconds(60) : options.BreakerTimeout;
    }
}
