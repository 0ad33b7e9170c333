using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Bench.Traces;
using Slipway.Telemetry.Logs;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Otlp;
using Slipway.Telemetry.Traces;
using Slipway.Telemetry.Traces.Sampling;
using Slipway.Telemetry.Traces.Searching;

const int SpansOfMessage = 512;
const int SpansOfTrace = 8;
var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
var time = TimeProvider.System;

Console.WriteLine(
    """
    Estimate before measuring, for one core: a span of 350 bytes with eight attributes costs some 3 µs to read, 2 µs to gather and count and,
    if it is kept, 3 µs to write again, compress and put on the disk: about 150,000 a second when a tenth is kept, 100,000 when all are.
    """);
foreach (var ratio in (double[])[0.1, 1])
{
    var folder = Directory.CreateTempSubdirectory("slipway-bench-traces-");
    try
    {
        var options = new TraceStoreOptions { Folder = folder.FullName, Rules = SamplingRules.Default with { Ratio = ratio }, KeptSpansPerSecond = 0 };
        await using var store = await TraceStore.OpenAsync(options, time, NullLoggerFactory.Instance, CancellationToken.None);
        var services = new OtlpServices(store, new Nowhere(), new Nowhere(), time);
        var messages = new Messages(SpansOfMessage, SpansOfTrace);

        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => store.RunAsync(stop.Token));

        // The first second pays for compilation and does not count.
        Ingest(1);
        var before = GC.GetTotalAllocatedBytes();
        var (spans, elapsed, cpu) = Ingest(seconds);
        Print($"ratio {ratio}: taken in by one sender, written beside", $"{spans / elapsed:N0} spans/s");
        Print("    by a second of processor time, everything included", $"{spans / cpu:N0} spans ({(GC.GetTotalAllocatedBytes() - before) / (double)spans:N0} bytes of memory each)");
        await stop.CancelAsync();
        await running;
        store.Step(everything: true);
        Print("    kept / sampled out / lost / refused", $"{store.Counters.KeptSpans:N0} / {store.Counters.SampledOutSpans:N0} / {store.Counters.LostSpans:N0} / {store.Counters.RefusedSpans:N0}");
        Print("    on disk", $"{store.DiskBytes / Math.Max(1.0, store.Counters.KeptSpans):N0} bytes a span, {store.DiskBytes / 1048576.0:N1} MiB");

        var begin = time.GetTimestamp();
        var some = store.Search(new TraceSearch { WithUnkept = false, Limit = 20 }, CancellationToken.None);
        Print("    the 20 newest", $"{time.GetElapsedTime(begin).TotalMilliseconds:N1} ms");
        var rare = TraceQueryParser.Parse("{ span.order.id = \"order-77777\" }").Value;
        begin = time.GetTimestamp();
        var found = store.Search(new TraceSearch { Condition = rare, WithUnkept = false }, CancellationToken.None);
        Print("    an attribute that no trace has", $"{time.GetElapsedTime(begin).TotalMilliseconds:N1} ms, {found.BlocksRead} blocks read, {found.BlocksSkipped} passed over");
        begin = time.GetTimestamp();
        var whole = store.Find(some.Traces[^1].Summary.TraceId);
        Print("    one trace by id", $"{time.GetElapsedTime(begin).TotalMilliseconds:N2} ms, {whole.Spans.Count} spans");

        (long Spans, double Seconds, double Processor) Ingest(int length)
        {
            var start = time.GetTimestamp();
            var processor = Environment.CpuUsage.TotalTime;
            var taken = 0L;
            while (time.GetElapsedTime(start).TotalSeconds < length)
            {
                if (services.Take(OtlpSignal.Traces, messages.Next()) is { Verdict: OtlpVerdict.Taken } receipt)
                {
                    taken += SpansOfMessage - receipt.Rejected;
                }
            }

            return (taken, time.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
        }
    }
    finally
    {
        folder.Delete(recursive: true);
    }
}

return 0;

static void Print(string what, string figure) => Console.WriteLine($"{what + ":",-75} {figure}");

namespace Slipway.Bench.Traces
{
    /// <summary>Takes everything and keeps nothing.</summary>
    internal sealed class Nowhere : ILogSink, IMetricSink
    {
        public int Append(ReadOnlySpan<LogRecord> records) => records.Length;

        public AppendCounts Append(string source, ReadOnlySpan<IncomingSample> samples) => new(samples.Length, 0, 0, 0);

        public void Describe(MetricMetadata metadata)
        {
            // Nobody asks for it here.
        }
    }
}
