using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Bench.Telemetry;
using Slipway.Telemetry.Exposition;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;

// The first form is this program's own child, see Scraping. Else: series, days, and how many of the series Prometheus gets as well: it has to be fed through a file of text.
if (args is ["scrape", var address, var childFolder, var childSeconds])
{
    await Scraping.RunAsync(address, childFolder, int.Parse(childSeconds, CultureInfo.InvariantCulture));
    return 0;
}

var seriesCount = args.Length > 0 && args[0] != "compare" ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000;
var days = args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 15;
var peerSeries = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 20;
const int Every = 15_000;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Console.WriteLine(
    """
    Estimate before measuring, for one core: a sample is a look-up by hash (50 ns), some bits of its chunk (20 ns) and ten bytes of the
    write-ahead file (20 ns), so some 10 million samples a second; as lines of text some 2 million, since their bytes are looked at twice.
    15 days of 1,000 series are 86.4 million samples, at 1.5 bytes 130 MB; to decode them takes 5 ns each, 0.4 s, and 1.4 GB of memory.
    Folded to 5 minutes they are 4.3 million: 20 ms to decode and 70 MB.
    """);
var folder = Path.Combine(Path.GetTempPath(), "slipway-bench-metrics-" + Guid.NewGuid().ToString("N"));
var end = new DateTimeOffset(2026, 1, 16, 0, 0, 0, TimeSpan.Zero);
try
{
    if (args is ["compare"])
    {
        Directory.CreateDirectory(folder);
        await Scraping.CompareAsync(folder, seconds: 60);
        return 0;
    }

    await IngestAsync();
    await FortnightAsync(seriesCount, "");
    if (peerSeries > 0)
    {
        await FortnightAsync(peerSeries, " (the series the peer has)");
        await Peer.RunAsync(folder, peerSeries, end, days, Every);
        await Scraping.CompareAsync(folder, seconds: 60);
    }
}
finally
{
    if (Directory.Exists(folder))
    {
        Directory.Delete(folder, recursive: true);
    }
}

return 0;

async Task IngestAsync()
{
    var clock = new BenchClock(end - TimeSpan.FromDays(30));
    await using var store = await MetricStore.OpenAsync(
        new MetricStoreOptions { Folder = Path.Combine(folder, "ingest") }, clock, NullLoggerFactory.Instance, CancellationToken.None);
    var figures = new Figures(10_000);
    var batch = new IncomingSample[500];
    Took append = default;
    var before = GC.GetTotalMemory(forceFullCollection: true);
    const int Scrapes = 300;
    for (var scrape = 0; scrape < Scrapes; scrape++)
    {
        clock.Advance(TimeSpan.FromMilliseconds(Every));
        figures.Next();
        for (var start = 0; start < figures.Labels.Length; start += batch.Length)
        {
            for (var i = 0; i < batch.Length; i++)
            {
                batch[i] = new IncomingSample(figures.Labels[start + i], clock.Milliseconds, figures[start + i]);
            }

            var took = Took.By(() => store.Append("default/service", batch));
            append = new Took(append.Seconds + took.Seconds, append.ProcessorSeconds + took.ProcessorSeconds);
        }

        store.Upkeep.Secure();
    }

    var samples = (double)Scrapes * figures.Labels.Length;
    Console.WriteLine($"append, 10,000 series in batches of 500: {samples / append.Seconds:N0} samples/s on one core (aim 200,000: ratio {samples / append.Seconds / 200_000:0.0}), {samples / append.ProcessorSeconds:N0} for a second of processor");
    Console.WriteLine($"in memory before its block: {samples:N0} samples in {(GC.GetTotalMemory(forceFullCollection: true) - before) / samples:0.00} bytes each by the collector, {store.MemoryBytes / samples:0.00} by the store's own count, labels and index included; write-ahead {store.DiskBytes / samples:0.00} bytes each");

    var page = new Figures(2_000);
    var reader = new ExpositionReader(LabelSet.Of(("job", "pages")));
    Failure(reader.Read(page.Page(), ExpositionForm.Text, clock.Milliseconds));
    Took read = default;
    for (var scrape = 0; scrape < 200; scrape++)
    {
        clock.Advance(TimeSpan.FromMilliseconds(Every));
        page.Next();
        var bytes = page.Page();
        var took = Took.By(() =>
        {
            Failure(reader.Read(bytes, ExpositionForm.Text, clock.Milliseconds));
            store.Append("default/pages", reader.Samples);
        });
        read = new Took(read.Seconds + took.Seconds, read.ProcessorSeconds + took.ProcessorSeconds);
        store.Upkeep.Secure();
    }

    Console.WriteLine($"pages of text read and appended: {200 * 2_000 / read.Seconds:N0} samples/s, {200 * 2_000 / read.ProcessorSeconds:N0} for a second of processor");
    store.Upkeep.Secure();
    var reopened = Took.By(() => MetricStore.OpenAsync(new MetricStoreOptions { Folder = Copy(folder) }, clock, NullLoggerFactory.Instance, CancellationToken.None).GetAwaiter().GetResult().DisposeAsync().AsTask().GetAwaiter().GetResult());
    Console.WriteLine($"start after a crash, {samples + 400_000:N0} samples in the write-ahead files: {reopened}");
}

async Task FortnightAsync(int count, string title)
{
    var start = end - TimeSpan.FromDays(days);
    var clock = new BenchClock(start);
    await using var store = await MetricStore.OpenAsync(
        new MetricStoreOptions { Folder = Path.Combine(folder, "fortnight-" + count), DiskBytes = 1L << 40, SeriesPerSourceMax = 100_000 }, clock, NullLoggerFactory.Instance, CancellationToken.None);
    var figures = new Figures(count);
    var batch = new IncomingSample[count];
    var scrapes = (int)(days * 86_400_000 / Every);
    var filled = Took.By(() =>
    {
        for (var scrape = 0; scrape < scrapes; scrape++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(Every));
            figures.Next();
            for (var i = 0; i < count; i++)
            {
                batch[i] = new IncomingSample(figures.Labels[i], clock.Milliseconds, figures[i]);
            }

            store.Append("default/service", batch);
            if (scrape % (count > 10_000 ? 1 : 40) == 0)
            {
                store.Upkeep.Secure();
                store.Upkeep.Maintain(CancellationToken.None);
            }
        }
    });
    store.Upkeep.Cut(CancellationToken.None);
    if (store.StoredSamples != (long)scrapes * count)
    {
        Console.WriteLine($"ATTENTION: of {(long)scrapes * count:N0} samples {store.StoredSamples:N0} were stored, {store.DroppedSamples:N0} dropped for want of memory, {store.RefusedSamples:N0} refused");
    }

    var samples = (double)scrapes * count;
    Console.WriteLine();
    Console.WriteLine($"{days:0.#} days of {count:N0} series every 15 s{title}: {samples:N0} samples, appended, written down and merged at {samples / filled.Seconds:N0}/s; {store.BlockCount} blocks, {store.DiskBytes / samples:0.00} bytes a sample: {Bytes("samples"):0.00} the samples, {Bytes("index"):0.00} the index, the rest the six folds");
    var (from, to) = (start.ToUnixTimeMilliseconds(), end.ToUnixTimeMilliseconds());
    IReadOnlyList<LabelMatcher> all = [new("namespace", MatchKind.Equal, "default")];
    Read("last of every 5 minutes, all of it", from, to, new ReadHint { Fold = SampleFold.Last });
    Read("rise of every 5 minutes, all of it", from, to, new ReadHint { Fold = SampleFold.Rise });
    Read("windows of 5 minutes each hour, exact samples", from, to, new ReadHint { Start = to, Step = 3_600_000, Window = 300_000 });
    Read("the last day, every sample", to - 86_400_000, to, null);
    Read("the last hour, every sample", to - 3_600_000, to, null);

    double Bytes(string file) =>
        new DirectoryInfo(Path.Combine(folder, "fortnight-" + count)).EnumerateFiles(file, SearchOption.AllDirectories).Sum(found => found.Length) / samples;

    void Read(string what, long first, long last, ReadHint? hint)
    {
        long found = 0;
        var cold = Took.By(Ask);
        var warm = Enumerable.Range(0, 5).Select(_ => Took.By(Ask)).MinBy(took => took.Seconds);
        Console.WriteLine($"  {what}: {found:N0} samples; first {cold}, then {warm}");

        void Ask() => found = store.Select(all, first, last, long.MaxValue, CancellationToken.None, hint).Sum(series => (long)series.Samples.Length);
    }
}

static void Failure(Slipway.Model.Failures.Failure? failure)
{
    if (failure is not null)
    {
        throw new InvalidOperationException(failure.ToString());
    }
}

// The write-ahead files alone, as a crash leaves them.
static string Copy(string folder)
{
    var copy = Path.Combine(folder, "crashed");
    Directory.CreateDirectory(Path.Combine(copy, "wal"));
    foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "ingest", "wal")))
    {
        File.Copy(file, Path.Combine(copy, "wal", Path.GetFileName(file)));
    }

    return copy;
}
