using Microsoft.Extensions.Hosting;

namespace Slipway.Sdk.Service;

/// <summary>Leaves signals to <see cref="SlipwayService.RunAsync"/>, which drains before it stops, and to whoever hosts a service in a test.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
