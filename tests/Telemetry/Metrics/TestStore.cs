using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.Tests.Metrics;

/// <summary>A store in a folder of its own, with a clock and a disk that obey. Its loops do not run: a test says what happens when.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    private readonly MetricStoreOptions _options;

    private TestStore(MetricStoreOptions options) => _options = options;

    public ManualTime Time { get; private init; } = new();

    public FullableDisk Disk { get; } = new();

    public MetricStore Store { get; private set; } = null!;

    public string Folder => _options.Folder;

    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    public static async Task<TestStore> OpenAsync(Func<MetricStoreOptions, MetricStoreOptions>? with = null)
    {
        var folder = Path.Combine(Path.GetTempPath(), "slipway-metrics-" + Guid.NewGuid().ToString("N"));
        var options = new MetricStoreOptions { Folder = folder, ExemplarsMax = 100 };
        var store = new TestStore(with?.Invoke(options) ?? options);
        await store.StartAsync();
        return store;
    }

    /// <summary>A store that finds what this one had written when the machine lost its power.</summary>
    public async Task<TestStore> AfterCrashAsync(Action<string>? spoil = null, ManualTime? clock = null)
    {
        var copy = Folder + "-" + Guid.NewGuid().ToString("N");
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        spoil?.Invoke(copy);
        var store = new TestStore(_options with { Folder = copy }) { Time = clock ?? Time };
        await store.StartAsync();
        return store;
    }

    public async Task RestartAsync()
    {
        await Store.DisposeAsync();
        await StartAsync();
    }

    public AppendCounts Append(LabelSet series, long at, double value, string source = "default/shop") =>
        Store.Append(source, [new IncomingSample(series, at, value)]);

    public AppendCounts Append(LabelSet series, ReadOnlySpan<Sample> samples, string source = "default/shop")
    {
        var incoming = new IncomingSample[samples.Length];
        for (var i = 0; i < incoming.Length; i++)
        {
            incoming[i] = new IncomingSample(series, samples[i].At, samples[i].Value);
        }

        return Store.Append(source, incoming);
    }

    public void Cut() => Store.Upkeep.Cut(CancellationToken.None);

    public IReadOnlyList<SeriesSamples> Select(string metric, long from = 0, long to = long.MaxValue / 2, ReadHint? hint = null) =>
        Store.Select([new LabelMatcher(LabelSet.MetricName, MatchKind.Equal, metric)], from, to, long.MaxValue, CancellationToken.None, hint);

    public Sample[] Samples(LabelSet series, long from = 0, long to = long.MaxValue / 2, ReadHint? hint = null) =>
        Select(series.Metric, from, to, hint).FirstOrDefault(found => found.Labels.Equals(series))?.Samples.ToArray() ?? [];

    public static LabelSet Series(string metric, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var set = LabelSet.Of(labels);
        return set.With(LabelSet.MetricName, metric);
    }

    public async ValueTask DisposeAsync()
    {
        Disk.Full = false;
        await Store.DisposeAsync();
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private async Task StartAsync() =>
        Store = await MetricStore.OpenAsync(_options, Disk, Time, NullLoggerFactory.Instance, CancellationToken.None);

    internal sealed class FullableDisk : Disk
    {
        public bool Full { get; set; }

        /// <summary>No test loses its power, and waiting for the disk is most of what a block takes.</summary>
        public override void Sync(SafeFileHandle file)
        {
        }

        public override void SyncFolder(string path)
        {
        }

        /// <summary>A full disk takes a part of what is written before it refuses.</summary>
        public override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
        {
            if (Full)
            {
                base.Write(file, bytes[..(bytes.Length / 2)], offset);
                throw new IOException("No space left on device");
            }

            base.Write(file, bytes, offset);
        }
    }
}
