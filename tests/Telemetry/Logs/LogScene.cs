using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs;

namespace Slipway.Telemetry.Tests.Logs;

/// <summary>A store in a folder of its own, with a clock that stands still until told otherwise.</summary>
internal sealed class LogScene : IAsyncDisposable
{
    public static readonly LabelSet Orders = LabelSet.Of(("namespace", "shop"), ("service", "orders"), ("level", "info"));
    public static readonly LabelSet Cart = LabelSet.Of(("namespace", "shop"), ("service", "cart"), ("level", "error"));

    private LogScene(string folder, ManualTime time) => (Folder, Time) = (folder, time);

    public string Folder { get; }

    public ManualTime Time { get; }

    public LogStore Store { get; private set; } = null!;

    public LogQlEngine Engine => new(Store, EngineOptions, Time);

    public LogQlOptions EngineOptions { get; set; } = new();

    public LogStoreOptions Options { get; private set; } = null!;

    public long Now => (Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    public static async Task<LogScene> OpenAsync(Func<LogStoreOptions, LogStoreOptions>? change = null)
    {
        var scene = new LogScene(Directory.CreateTempSubdirectory("slipway-logs-").FullName, new ManualTime());
        scene.Options = new LogStoreOptions { Folder = Path.Combine(scene.Folder, "store") };
        scene.Options = change?.Invoke(scene.Options) ?? scene.Options;
        scene.Store = await OpenAsync(scene.Options, scene.Time);
        return scene;
    }

    public static Task<LogStore> OpenAsync(LogStoreOptions options, TimeProvider time) =>
        LogStore.OpenAsync(options, time, NullLoggerFactory.Instance, CancellationToken.None);

    public int Append(LabelSet stream, string line, long? at = null, string? trace = null) =>
        Store.Append([new LogRecord(stream, at ?? Now, line, trace)]);

    public Task SettleAsync() => Store.SettleAsync(CancellationToken.None);

    /// <summary>Brings everything into segments, as time would.</summary>
    public async Task SealAsync()
    {
        Time.Advance(Options.BatchAge + TimeSpan.FromSeconds(1));
        await SettleAsync();
    }

    /// <summary>What a process that is killed now would leave, opened by the next one.</summary>
    public async Task<LogStore> KilledAndOpenedAgainAsync(Action<string>? damage = null)
    {
        var copy = Path.Combine(Folder, "copy-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.GetFiles(Options.Folder))
        {
            if (Path.GetFileName(file) != "lock")
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }
        }

        damage?.Invoke(copy);
        return await OpenAsync(Options with { Folder = copy }, Time);
    }

    public IReadOnlyList<string> Lines(string expression, LogStore? store = null, bool backward = false, int limit = 5_000, string? trace = null) =>
        [.. Query(expression, store, backward, limit, trace).Lines.Select(line => line.Line)];

    public LogLines Query(string expression, LogStore? store = null, bool backward = false, int limit = 5_000, string? trace = null)
    {
        var query = new LogQuery(expression, 0, long.MaxValue) { Limit = limit, Backward = backward, TraceId = trace };
        var answer = new LogQlEngine(store ?? Store, EngineOptions, Time).Query(query, CancellationToken.None);
        Assert.True(answer.Succeeded, answer.Failure?.Detail);
        return answer.Value;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
