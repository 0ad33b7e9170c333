using System.Runtime.CompilerServices;
using Microsoft.Extensions.Hosting;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Telemetry;

/// <summary>Begins exporting once the service listens, so that a collector costs no start time.</summary>
internal sealed class OtlpStarter(ServiceIdentity identity, Uri endpoint) : BackgroundService
{
    private OtlpExport? _export;

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _export = Begin();
        return Task.CompletedTask;
    }

    public override void Dispose()
    {
        _export?.Dispose();
        base.Dispose();
    }

    // Not inlined: the packages are loaded when a method that names them is compiled.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private OtlpExport Begin() => new(identity, endpoint);
}
