using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Bench.Logs;
using Slipway.Telemetry.Logs;

var million = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 10;
var wanted = (long)(million * 1_000_000);
var time = TimeProvider.System;
var start = (time.GetUtcNow() - TimeSpan.FromMinutes(30) - DateTimeOffset.UnixEpoch).Ticks * 100;
var folder = Directory.CreateTempSubdirectory("slipway-bench-logs-").FullName;

Console.WriteLine(
    """
    Estimate before measuring, for one core: a line is some 250 bytes of JSON. Taking it costs a copy, less than 1 µs; its journal as much again;
    sorting, sieve and compression 2 to 3 µs. That is 200,000 lines a second and more. On the disk 40 to 60 bytes a line. A trace is found
    by its sieve in well under a second; a word that stands everywhere costs reading everything, some 500 MB/s.
    """);
try
{
    await using var store = await LogStore.OpenAsync(new LogStoreOptions { Folder = folder }, time, NullLoggerFactory.Instance, CancellationToken.None);
    using var stop = new CancellationTokenSource();
    var running = store.RunAsync(stop.Token);
    var lines = new SampleLines(start);
    await AppendAllAsync(store, lines);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"on the disk: {store.DiskBytes / (double)store.TakenLines:N1} bytes a line, of {store.TakenBytes / (double)store.TakenLines:N0}; dropped {store.DroppedLines}"));

    var engine = new LogQlEngine(store, new LogQlOptions { BytesMax = 64L << 30, Timeout = TimeSpan.FromMinutes(2), ValuesMax = 20_000_000 }, time);
    var (from, to) = (start, start + (wanted * 20_000) + 1);
    Lines("one trace, by its id", new LogQuery("", from, to) { TraceId = lines.Remembered });
    Lines("one trace, as a text", new LogQuery($$"""{namespace="shop"} |= "{{lines.Remembered}}" """, from, to));
    Lines("a word that is nowhere", new LogQuery("""{namespace="shop"} |= "warehouse burns" """, from, to));
    Lines("the newest 100 of a service", new LogQuery("""{service="orders"}""", from, to));
    Lines("the newest 100 errors of JSON", new LogQuery("""{namespace="shop"} | json | status >= 500""", from, to));
    Lines("an expression nothing agrees with, everywhere", new LogQuery("""{namespace="shop"} |~ "status\":4\\d\\d" """, from, to));
    Numbers("lines a second of all services, 60 steps", "sum by (service) (rate({namespace=\"shop\"}[1m]))");
    Numbers("errors of one service out of JSON, 60 steps", "sum by (status) (count_over_time({service=\"orders\", level=\"error\"} | json | status >= 500 [1m]))");
    await stop.CancelAsync();
    await running;

    void Lines(string title, LogQuery query)
    {
        var watch = time.GetTimestamp();
        var answer = engine.Query(query, CancellationToken.None).Value;
        Print(title, time.GetElapsedTime(watch), $"{answer.Lines.Count} lines, {answer.Figures.Blocks:N0} blocks read, {answer.Figures.BlocksPassedOver:N0} passed over");
    }

    void Numbers(string title, string expression)
    {
        var watch = time.GetTimestamp();
        var answer = engine.Range(expression, from / 1_000_000, to / 1_000_000, Math.Max(1, (to - from) / 60_000_000), CancellationToken.None);
        Print(title, time.GetElapsedTime(watch), answer.Failure?.Detail ?? "");
    }
}
finally
{
    Directory.Delete(folder, recursive: true);
}

return 0;

// The processor's time is what one core would need; the clock's depends on who else is there.
async Task AppendAllAsync(LogStore store, SampleLines lines)
{
    var batch = new LogRecord[1_000];
    var making = CostOfMaking(batch) * (wanted / (double)batch.Length);
    var cpu = Process.GetCurrentProcess().TotalProcessorTime;
    var begun = time.GetTimestamp();
    for (var count = 0L; count < wanted; count += batch.Length)
    {
        lines.Fill(batch);
        while (store.MemoryBytes > 40 << 20)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), time, CancellationToken.None);
        }

        store.Append(batch);
    }

    while (store.MemoryBytes > 5 << 20)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(2), time, CancellationToken.None);
    }

    var spent = Process.GetCurrentProcess().TotalProcessorTime - cpu - making;
    Print("taken, journaled, compressed, written", time.GetElapsedTime(begun), string.Create(
        CultureInfo.InvariantCulture, $"{wanted:N0} lines; {wanted / spent.TotalSeconds:N0} lines per second of one core (making them not counted)"));
}

// For one batch, by the processor's time.
static TimeSpan CostOfMaking(LogRecord[] batch)
{
    const int Rounds = 300;
    var lines = new SampleLines(0);
    lines.Fill(batch);
    var cpu = Process.GetCurrentProcess().TotalProcessorTime;
    for (var round = 0; round < Rounds; round++)
    {
        lines.Fill(batch);
    }

    return (Process.GetCurrentProcess().TotalProcessorTime - cpu) / Rounds;
}

static void Print(string title, TimeSpan elapsed, string figures) =>
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title,-48} {elapsed.TotalMilliseconds,10:N1} ms  {figures}"));
