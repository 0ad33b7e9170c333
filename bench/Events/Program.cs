using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Slipway.Events.Bench;

const int Writers = 8;
const int BatchSize = 500;
const int Rate = 5_432;
var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10;
var time = TimeProvider.System;

Console.WriteLine(
    """
    Estimate before measuring, for two cores: an event is about 400 bytes of JSON. Parsing, checking and hashing it costs some 15 µs, its two
    rows in PostgreSQL some 15 µs, its share of a commit less than 1 µs: 30,000 to 50,000 events a second appended. Pushing one costs a
    request at both ends, some 90 µs: about 10,000 a second delivered, and at 5,432 a second a millisecond or two for the commit and one for
    the push.
    """);
await using var installation = new Installation();
await installation.StartAsync();
using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = installation.Door };

// Both once before they count: the first batches pay for compilation and for fresh files.
var append = new Publisher(http, "/default/append");
await CopyLoop.PrepareAsync(installation.Database.Platform);
await RateAsync(2, _ => append.SendAsync(BatchSize));
await RateAsync(1, CopyAsync);
var appended = await RateAsync(seconds, _ => append.SendAsync(BatchSize));
var copied = await RateAsync(seconds, CopyAsync);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"append, batches of {BatchSize}, {Writers} publishers over HTTP: {appended:N0} events/s"));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"peer: COPY of the same rows, {Writers} connections:         {copied:N0} rows/s"));

await DeliverAsync("warm-up", Rate, 3);
await DeliverAsync("delivered at the rate asked for", Rate, seconds);
await DeliverAsync("delivered as fast as it goes", 0, seconds);
return 0;

Task CopyAsync(int writer) => CopyLoop.SendAsync(installation.Database.Platform, writer, Positions.Next(writer, BatchSize), BatchSize);

async Task<double> RateAsync(int length, Func<int, Task> send)
{
    var start = time.GetTimestamp();
    var sent = 0L;
    await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
    {
        while (time.GetElapsedTime(start).TotalSeconds < length)
        {
            await send(writer);
            Interlocked.Add(ref sent, BatchSize);
        }
    })));
    return sent / time.GetElapsedTime(start).TotalSeconds;
}

async Task DeliverAsync(string title, int rate, int length)
{
    var latencies = new ConcurrentBag<double>();
    installation.Handle = data =>
    {
        // {"at":"NNNNNNNNNNNNNNNNNNNN",…
        var at = long.Parse(Encoding.ASCII.GetString(data.Span.Slice(7, 20)), CultureInfo.InvariantCulture);
        latencies.Add(time.GetElapsedTime(at).TotalMilliseconds);
    };
    var publisher = new Publisher(http, "/default/deliver");
    var start = time.GetTimestamp();
    var sent = 0L;
    if (rate > 0)
    {
        // Two publishers take turns every five milliseconds, whatever became of the batch before.
        var open = new List<Task>();
        while (time.GetElapsedTime(start).TotalSeconds < length)
        {
            var due = (long)(time.GetElapsedTime(start).TotalSeconds * rate) - sent;
            if (due > 0)
            {
                sent += due;
                open.Add(publisher.SendAsync((int)Math.Min(due, 1000)));
                open.RemoveAll(task => task.IsCompletedSuccessfully);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), time);
        }

        await Task.WhenAll(open);
    }
    else
    {
        // Never more than 2,000 ahead of the handler: what waits in a queue tells nothing about the speed.
        while (time.GetElapsedTime(start).TotalSeconds < length)
        {
            if (sent - latencies.Count < 2_000)
            {
                await publisher.SendAsync(200);
                sent += 200;
            }
            else
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), time);
            }
        }
    }

    while (latencies.Count < sent && time.GetElapsedTime(start).TotalSeconds < length + 120)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(5), time);
    }

    var elapsed = time.GetElapsedTime(start).TotalSeconds;
    var sorted = latencies.Order().ToArray();
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{title}: {sorted.Length / elapsed:N0} events/s, publish to handler {sorted.Average():0.0} ms on average, p50 {At(0.5):0.0}, p99 {At(0.99):0.0}, most {sorted[^1]:0.0} ms ({sorted.Length} of {sent} arrived)"));

    double At(double share) => sorted[(int)((sorted.Length - 1) * share)];
}

internal static class Positions
{
    private static readonly long[] s_next = new long[16];

    public static long Next(int writer, int rows) => Interlocked.Add(ref s_next[writer], rows) - rows;
}
