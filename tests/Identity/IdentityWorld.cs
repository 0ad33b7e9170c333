using Slipway.Sdk.Hosting;

namespace Slipway.Identity.Tests;

/// <summary>One service for all tests of a class, each of which has people of its own; only time belongs to all of them.</summary>
public sealed class IdentityWorld(TestPostgres postgres) : IAsyncLifetime
{
    internal LeapingTime Time { get; } = new();

    public RunningIdentity Identity { get; private set; } = null!;

    /// <summary>Without the limits per network: all people of a test sit behind one address.</summary>
    public async ValueTask InitializeAsync()
    {
        Identity = await RunningIdentity.StartAsync(postgres, Time, ("LIMITS", "off"), ("LOCK_AFTER_FAILURES", "1000"));
        await Eventually.HoldsAsync("the service is ready", async () =>
        {
            using var ready = await Identity.Client.GetAsync("/ready");
            return ready.IsSuccessStatusCode;
        });
    }

    public ValueTask DisposeAsync() => Identity.DisposeAsync();
}
