using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Hosting;

namespace Slipway.Simulation.Tests.Shop;

/// <summary>An event as the bus keeps it.</summary>
internal sealed record BusEvent(string Topic, string Id, string Source, string Type, string Key, long? Sequence, string Data);

/// <summary>How badly the bus behaves: a chance for each of its faults, from 0 to 1.</summary>
internal sealed record BusWeather(double RefusesPublishing, double ForgetsToAnswer, double DeliversTwice, double LosesTheAnswer)
{
    public static BusWeather Calm { get; } = new(0, 0, 0, 0);

    public static BusWeather Rough { get; } = new(0.05, 0.05, 0.15, 0.1);
}

/// <summary>
/// A broker with the platform's promises and no more: what it took is delivered at least once, events of one key in order and
/// one at a time, different keys side by side. Services publish to it with their own relay and are called at their own doors.
/// </summary>
internal sealed class ShopBus : IAsyncDisposable
{
    private const int WorkersPerConsumer = 8;

    private static readonly TimeSpan s_again = TimeSpan.FromMilliseconds(20);
    private static readonly (string Topic, string Service, string Consumer)[] s_triggers =
    [
        ("order-events", "inventory", "orders"), ("order-events", "payments", "orders"), ("inventory-events", "orders", "inventory"), ("payment-events", "orders", "payments"),
    ];

    private readonly ConcurrentDictionary<string, BusEvent> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<BusEvent> _log = new();
    private readonly ConcurrentDictionary<string, long> _sequences = new(StringComparer.Ordinal);
    private readonly List<Consumer> _consumers = [];
    private readonly CancellationTokenSource _over = new();
    private readonly Lock _dice = new();
    private readonly Random _random;
    private readonly Func<string, HttpClient> _dial;
    private Neighbour _door = null!;

    private ShopBus(int seed, Func<string, HttpClient> dial) => (_random, _dial) = (new Random(seed), dial);

    public Uri Address => new(_door.Address, "/default");

    public BusWeather Weather { get; set; } = BusWeather.Calm;

    public IReadOnlyCollection<BusEvent> Log => _log;

    /// <summary>What the bus or a consumer should never have done.</summary>
    public ConcurrentQueue<string> Mistakes { get; } = new();

    /// <summary>Events that some consumer has not taken yet.</summary>
    public int Waiting => _consumers.Sum(consumer => consumer.Waiting);

    public static async Task<ShopBus> StartAsync(int seed, Func<string, HttpClient> dial)
    {
        var bus = new ShopBus(seed, dial);
        bus._door = await Neighbour.StartAsync(bus.TakeAsync);
        foreach (var (topic, service, consumer) in s_triggers)
        {
            bus._consumers.Add(new Consumer(bus, topic, service, consumer));
        }

        return bus;
    }

    /// <summary>Delivers everything that ever was once more, marked as a replay.</summary>
    public Task ReplayAsync() => Parallel.ForEachAsync(
        from consumer in _consumers from line in _log.Where(told => told.Topic == consumer.Topic).GroupBy(told => told.Key) select (consumer, line),
        new ParallelOptions { MaxDegreeOfParallelism = WorkersPerConsumer, CancellationToken = _over.Token },
        async (part, cancellation) =>
        {
            foreach (var told in part.line)
            {
                await part.consumer.DeliverAsync(told, replay: true, cancellation);
            }
        });

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        foreach (var consumer in _consumers)
        {
            await consumer.Done;
        }

        await _door.DisposeAsync();
        _over.Dispose();
    }

    private async Task TakeAsync(HttpContext http)
    {
        if (Chance(Weather.RefusesPublishing))
        {
            http.Response.StatusCode = 503;
            return;
        }

        var topic = http.Request.Path.Value!.Split('/')[^1];
        using var document = await JsonDocument.ParseAsync(http.Request.Body);
        foreach (var told in document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.EnumerateArray().ToList() : [document.RootElement])
        {
            Keep(topic, told);
        }

        http.Response.StatusCode = Chance(Weather.ForgetsToAnswer) ? 503 : 202;
    }

    private void Keep(string topic, JsonElement told)
    {
        var sequence = told.TryGetProperty("sequence", out var number) ? long.Parse(number.GetString()!, CultureInfo.InvariantCulture) : (long?)null;
        var kept = new BusEvent(
            topic, told.GetProperty("id").GetString()!, told.GetProperty("source").GetString()!, told.GetProperty("type").GetString()!,
            told.GetProperty("partitionkey").GetString()!, sequence, told.GetProperty("data").GetRawText());
        if (!_known.TryAdd($"{kept.Source}#{kept.Id}", kept))
        {
            return;
        }

        if (sequence is { } version && _sequences.AddOrUpdate($"{topic}/{kept.Key}", version, (_, last) => Math.Max(last, version)) > version)
        {
            Mistakes.Enqueue($"{topic} {kept.Key}: {kept.Type} {version} came after a later one.");
        }

        _log.Enqueue(kept);
        foreach (var consumer in _consumers.Where(consumer => consumer.Topic == topic))
        {
            consumer.Add(kept);
        }
    }

    private bool Chance(double probability)
    {
        lock (_dice)
        {
            return _random.NextDouble() < probability;
        }
    }

    /// <summary>A trigger: one line of waiting events per key.</summary>
    private sealed class Consumer
    {
        private readonly ShopBus _bus;
        private readonly string _service;
        private readonly string _path;
        private readonly Lock _lock = new();
        private readonly Dictionary<string, Queue<BusEvent>> _lines = new(StringComparer.Ordinal);
        private readonly Channel<string> _ready = Channel.CreateUnbounded<string>();
        private int _waiting;

        public Consumer(ShopBus bus, string topic, string service, string consumer)
        {
            (_bus, Topic, _service, _path) = (bus, topic, service, "/events/" + consumer);
            Done = Task.WhenAll(Enumerable.Range(0, WorkersPerConsumer).Select(_ => Task.Run(WorkAsync)));
        }

        public string Topic { get; }

        public Task Done { get; }

        public int Waiting => Volatile.Read(ref _waiting);

        public void Add(BusEvent told)
        {
            Interlocked.Increment(ref _waiting);
            lock (_lock)
            {
                if (_lines.TryGetValue(told.Key, out var line))
                {
                    line.Enqueue(told);
                    return;
                }

                _lines[told.Key] = new Queue<BusEvent>([told]);
            }

            _ready.Writer.TryWrite(told.Key);
        }

        public async Task DeliverAsync(BusEvent told, bool replay, CancellationToken cancellation)
        {
            while (!await TryAsync(told, replay, cancellation))
            {
                await Task.Delay(s_again, TimeProvider.System, cancellation);
            }
        }

        private async Task WorkAsync()
        {
            try
            {
                await foreach (var key in _ready.Reader.ReadAllAsync(_bus._over.Token))
                {
                    BusEvent told;
                    lock (_lock)
                    {
                        told = _lines[key].Peek();
                    }

                    await DeliverAsync(told, replay: false, _bus._over.Token);
                    if (_bus.Chance(_bus.Weather.DeliversTwice))
                    {
                        await DeliverAsync(told, replay: false, _bus._over.Token);
                    }

                    bool more;
                    lock (_lock)
                    {
                        _lines[key].Dequeue();
                        more = _lines[key].Count > 0 || !_lines.Remove(key);
                    }

                    Interlocked.Decrement(ref _waiting);
                    if (more)
                    {
                        _ready.Writer.TryWrite(key);
                    }
                }
            }
            catch (OperationCanceledException) when (_bus._over.IsCancellationRequested)
            {
                // The story is over.
            }
        }

        private async Task<bool> TryAsync(BusEvent told, bool replay, CancellationToken cancellation)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _path) { Content = new StringContent(told.Data, Encoding.UTF8, "application/json") };
            request.Headers.TryAddWithoutValidation("ce-id", told.Id);
            request.Headers.TryAddWithoutValidation("ce-source", told.Source);
            request.Headers.TryAddWithoutValidation("ce-specversion", "1.0");
            request.Headers.TryAddWithoutValidation("ce-type", told.Type);
            request.Headers.TryAddWithoutValidation("ce-subject", told.Key);
            if (replay)
            {
                request.Headers.TryAddWithoutValidation("ce-replay", "true");
            }

            try
            {
                using var answer = await _bus._dial(_service).SendAsync(request, cancellation);
                if (answer.IsSuccessStatusCode)
                {
                    return replay || !_bus.Chance(_bus.Weather.LosesTheAnswer);
                }

                if ((int)answer.StatusCode < 500 && answer.StatusCode is not (HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests))
                {
                    _bus.Mistakes.Enqueue($"{_service} refused {told.Type} of {told.Key}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellation)}");
                    return true;
                }

                return false;
            }
            catch (Exception exception) when (exception is HttpRequestException or ObjectDisposedException or InvalidOperationException or IOException)
            {
                return false;
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return false;
            }
        }
    }
}
