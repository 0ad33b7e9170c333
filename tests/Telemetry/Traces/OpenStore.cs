using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Telemetry.Traces;
using Slipway.Telemetry.Traces.Sampling;

namespace Slipway.Telemetry.Tests.Traces;

/// <summary>A store in a folder of its own, with a clock that moves when told to.</summary>
internal sealed class OpenStore : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-traces-");

    private OpenStore(ManualTime time) => Time = time;

    public ManualTime Time { get; }

    public string Folder => _folder.FullName;

    public TraceStore Store { get; private set; } = null!;

    public static async Task<OpenStore> StartAsync(Func<TraceStoreOptions, TraceStoreOptions>? change = null)
    {
        var open = new OpenStore(new ManualTime());
        await open.ReopenAsync(change);
        return open;
    }

    public async Task ReopenAsync(Func<TraceStoreOptions, TraceStoreOptions>? change = null)
    {
        var options = new TraceStoreOptions { Folder = Folder, Rules = SamplingRules.Default with { Ratio = 1 }, KeptSpansPerSecond = 0 };
        Store = await TraceStore.OpenAsync(change?.Invoke(options) ?? options, Time, NullLoggerFactory.Instance, CancellationToken.None);
    }

    /// <summary>Lets a trace become complete and be written.</summary>
    public void Settle()
    {
        Time.Advance(TimeSpan.FromSeconds(11));
        Store.Step();
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
