using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Eventing.Delivery;
using Slipway.Eventing.Log;
using Slipway.Eventing.Subscriptions;
using Slipway.Eventing.Tests.Hosting;
using Slipway.Model.Eventing;

namespace Slipway.Eventing.Tests.Delivery;

/// <summary>A Trigger with a subscriber that does what a test says, and a process that can be killed.</summary>
internal sealed class SimulatedWorld : IAsyncDisposable, ISubscribers
{
    private readonly Lock _gate = new();
    private readonly EventingFigures _figures = new();
    private ProgressLedger? _ledger;
    private CancellationTokenSource? _stop;
    private Task _ledgerRunning = Task.CompletedTask;
    private int _life;

    public SimulatedWorld()
    {
        Log = new MemoryEventLog(Time);
        Store = new MemorySubscriptions(Time);
    }

    public ManualTime Time { get; } = new();

    public MemoryEventLog Log { get; }

    public MemorySubscriptions Store { get; }

    public Topic Topic { get; private set; } = null!;

    public TriggerWorker Worker { get; private set; } = null!;

    public TriggerPlan Plan { get; private set; } = null!;

    /// <summary>How the subscriber answers; asked for each attempt.</summary>
    public Func<Push, DeliveryResult> Answer { get; set; } = _ => new DeliveryResult(204);

    /// <summary>What the subscriber accepted, in that order.</summary>
    public List<Push> Accepted { get; } = [];

    /// <summary>Every attempt.</summary>
    public List<Push> Tried { get; } = [];

    public int MostAtOnce { get; private set; }

    private int _atOnce;

    public async Task StartAsync(int partitions = 3, Func<TriggerPlan, TriggerPlan>? change = null)
    {
        Topic = (await Log.OpenAsync(new TopicName("topic", "default", "things"), partitions, default)).Value;
        var plan = new TriggerPlan
        {
            Uid = "trigger",
            Namespace = "default",
            Name = "all",
            Topic = Topic,
            Spec = new TriggerSpec { Broker = "things" },
            Subscriber = new Subscriber(new Uri("http://subscriber.test/"), new Uri("http://subscriber.test/"), null),
            Rules = new DeliveryRules { Retries = 2, Delay = TimeSpan.FromMilliseconds(100) },
            FromEarliest = true,
        };
        Plan = change?.Invoke(plan) ?? plan;
        Begin();
        await Eventually.TrueAsync(() => Worker.Opened.IsCompletedSuccessfully, "the worker has opened");
    }

    /// <summary>The process ends without a word: what waits to be stored is lost, answers on their way are never read.</summary>
    public async Task KillAsync()
    {
        Interlocked.Increment(ref _life);
        await _stop!.CancelAsync();
        await Worker.DisposeAsync();
        Begin();
    }

    public Task AppendAsync(params Slipway.Eventing.Events.CloudEvent[] events) => Log.AppendAsync(Topic, events, default);

    /// <summary>Moves the clock until it is so.</summary>
    public Task UntilAsync(Func<bool> condition, string what) => Eventually.TrueAsync(Time, condition, what);

    public Task UntilAcceptedAsync(int count) => UntilAsync(() => Snapshot(Accepted).Count >= count, $"{count} events were accepted");

    public List<Push> Snapshot(List<Push> pushes)
    {
        lock (_gate)
        {
            return [.. pushes];
        }
    }

    public async Task<DeliveryResult> SendAsync(Push push, CancellationToken cancellation)
    {
        var life = Volatile.Read(ref _life);
        lock (_gate)
        {
            Tried.Add(push);
            MostAtOnce = Math.Max(MostAtOnce, ++_atOnce);
        }

        try
        {
            await Task.Yield();
            DeliveryResult answer;
            lock (_gate)
            {
                cancellation.ThrowIfCancellationRequested();
                answer = Answer(push);
                if (answer.Succeeded)
                {
                    Accepted.Add(push);
                }
            }

            // Accepted, but the platform died before it heard so.
            return life == Volatile.Read(ref _life) ? answer : throw new OperationCanceledException(cancellation);
        }
        finally
        {
            lock (_gate)
            {
                _atOnce--;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Worker.DisposeAsync();
        await _stop!.CancelAsync();
        await _ledgerRunning;
        _ledger!.Dispose();
        _stop.Dispose();
        _figures.Dispose();
    }

    private void Begin()
    {
        _stop = new CancellationTokenSource();
        _ledger = new ProgressLedger(new Lossy(Store, () => Volatile.Read(ref _life), Volatile.Read(ref _life)), Time, NullLogger<ProgressLedger>.Instance);
        _ledgerRunning = _ledger.RunAsync(_stop.Token);
        Worker = new TriggerWorker(Plan, new DeliveryParts(Log, Store, _ledger, this, _figures, Time, NullLogger.Instance));
        Worker.Start();
    }

    /// <summary>Positions of a life that has ended are not stored any more.</summary>
    private sealed class Lossy(ISubscriptionStore inner, Func<int> now, int life) : ISubscriptionStore
    {
        public Task<IReadOnlyList<Progress>> OpenAsync(string subscription, IReadOnlyList<Progress> starts, CancellationToken cancellation) => inner.OpenAsync(subscription, starts, cancellation);

        public Task StoreAsync(IReadOnlyList<Progress> positions, CancellationToken cancellation) => now() == life ? inner.StoreAsync(positions, cancellation) : Task.CompletedTask;

        public Task MoveAsync(Progress position, CancellationToken cancellation) => inner.MoveAsync(position, cancellation);

        public Task<IReadOnlyList<HeldKey>> HeldKeysAsync(string subscription, CancellationToken cancellation) => inner.HeldKeysAsync(subscription, cancellation);

        public Task HoldAsync(IReadOnlyList<HeldEvent> events, CancellationToken cancellation) => inner.HoldAsync(events, cancellation);

        public Task<HeldEvent?> FirstHeldAsync(string subscription, int partition, string key, CancellationToken cancellation) => inner.FirstHeldAsync(subscription, partition, key, cancellation);

        public Task ReleaseAsync(long id, CancellationToken cancellation) => inner.ReleaseAsync(id, cancellation);

        public Task DieAsync(HeldEvent dead, CancellationToken cancellation) => inner.DieAsync(dead, cancellation);

        public Task<IReadOnlyList<HeldEvent>> ListAsync(HeldQuery query, CancellationToken cancellation) => inner.ListAsync(query, cancellation);

        public Task<IReadOnlyList<HeldKey>> RetryAsync(HeldQuery query, CancellationToken cancellation) => inner.RetryAsync(query, cancellation);

        public Task<IReadOnlyList<HeldKey>> SkipAsync(HeldQuery query, string reason, CancellationToken cancellation) => inner.SkipAsync(query, reason, cancellation);

        public Task CleanAsync(IReadOnlyCollection<string> living, DateTimeOffset skippedBefore, CancellationToken cancellation) => inner.CleanAsync(living, skippedBefore, cancellation);

        public Task<HeldCount> CountAsync(string subscription, CancellationToken cancellation) => inner.CountAsync(subscription, cancellation);
    }
}
