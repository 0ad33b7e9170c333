using System.Collections.Concurrent;
using Slipway.Control.Reconciling;
using Slipway.Control.Tests.World;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Control.Tests.Reconciling;

public sealed class EngineTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Objects_that_are_there_and_ones_that_come_are_looked_at()
    {
        await using var store = ResourceStore.InMemory(TimeProvider.System);
        await Create(store, "before");
        var seen = new Recorder();
        await RunAsync(store, seen, async () =>
        {
            await seen.Has("before");
            await Create(store, "after");
            await seen.Has("after");
        });
    }

    [Fact]
    public async Task A_watch_that_expires_is_opened_again_and_everything_is_looked_at()
    {
        await using var inner = ResourceStore.InMemory(TimeProvider.System);
        await Create(inner, "one");
        var store = new ForgetfulStore(inner);
        var seen = new Recorder();
        await RunAsync(store, seen, async () =>
        {
            await seen.Has("one");
            store.Expire = true;
            await Create(inner, "two");
            await seen.Has("two");
            Assert.True(store.Opened >= 2);
        });
    }

    [Fact]
    public async Task A_reconciler_that_breaks_on_one_object_goes_on_with_the_others_and_tries_again()
    {
        await using var store = ResourceStore.InMemory(TimeProvider.System);
        var tries = 0;
        var seen = new Recorder(name => name == "bad" && Interlocked.Increment(ref tries) < 3 ? throw new InvalidOperationException("broken") : Reconciliation.Done);
        await Create(store, "bad");
        await Create(store, "good");
        await RunAsync(store, seen, async () =>
        {
            await seen.Has("good");
            await seen.Has("bad");
        });
        Assert.True(tries >= 3);
    }

    [Fact]
    public async Task One_key_is_never_worked_on_twice_at_once()
    {
        await using var store = ResourceStore.InMemory(TimeProvider.System);
        var seen = new Recorder { Workers = 4, Slow = true };
        await Create(store, "busy");
        await RunAsync(store, seen, async () =>
        {
            while (seen.Looks < 20)
            {
                seen.Wake(new ResourceKey(Kinds.ConfigMap, "demo", "busy"));
                await Task.Yield();
            }
        });
        Assert.Equal(1, seen.AtOnceMax);
    }

    private static async Task RunAsync(IResourceStore store, Recorder recorder, Func<Task> scene)
    {
        using var stop = new CancellationTokenSource();
        using var engine = new Engine(store, [recorder], TimeProvider.System, new TestLog<Engine>());
        var running = engine.RunAsync(stop.Token);
        try
        {
            await scene().WaitAsync(s_patience);
        }
        finally
        {
            await stop.CancelAsync();
            await running.WaitAsync(s_patience);
        }
    }

    private static async Task Create(ResourceStore store, string name) => await store.CreateAsync(
        new Resource(Kinds.ConfigMap, new ObjectMeta { Name = name, Namespace = "demo" }, "{}"u8.ToArray()), WriteOptions.Default, default);

    private sealed class Recorder(Func<string, Reconciliation>? act = null) : IReconciler
    {
        private readonly ConcurrentDictionary<string, bool> _seen = new();
        private int _atOnce;
        private int _looks;
        private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Name => "recorder";

        public int Workers { get; init; } = 1;

        public bool Slow { get; init; }

        public int AtOnceMax { get; private set; }

        public int Looks => Volatile.Read(ref _looks);

        public Action<ResourceKey> Wake { get; private set; } = _ => { };

        public IEnumerable<ResourceKey> Keys(IResourceStore store) => store.List(Kinds.ConfigMap).Items.Select(item => item.Key);

        public IEnumerable<ResourceKey> Concerned(Change change) => [change.Resource.Key];

        public void Listen(Action<ResourceKey> wake) => Wake = wake;

        public async Task<Reconciliation> ReconcileAsync(ResourceKey key, CancellationToken cancellation)
        {
            AtOnceMax = Math.Max(AtOnceMax, Interlocked.Increment(ref _atOnce));
            try
            {
                if (Slow)
                {
                    await Task.Yield();
                    await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellation);
                }

                var result = act?.Invoke(key.Name) ?? Reconciliation.Done;
                _seen[key.Name] = true;
                return result;
            }
            finally
            {
                Interlocked.Decrement(ref _atOnce);
                Interlocked.Increment(ref _looks);
                Interlocked.Exchange(ref _news, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
            }
        }

        public Task Has(string name) => Until(() => _seen.ContainsKey(name));

        public async Task Until(Func<bool> condition)
        {
            while (true)
            {
                var news = Volatile.Read(ref _news).Task;
                if (condition())
                {
                    return;
                }

                await news;
            }
        }
    }

    private sealed class ForgetfulStore(IResourceStore inner) : IResourceStore
    {
        public bool Expire { get; set; }

        public int Opened { get; private set; }

        public long Version => inner.Version;

        public Resource? Get(ResourceKey key) => inner.Get(key);

        public Resource? FindByUid(string uid) => inner.FindByUid(uid);

        public ResourceList List(ResourceKind kind, string? @namespace = null) => inner.List(kind, @namespace);

        public Task<Outcome<Resource>> CreateAsync(Resource draft, WriteOptions options, CancellationToken cancellation) => inner.CreateAsync(draft, options, cancellation);

        public Task<Outcome<Resource>> ReplaceAsync(Resource next, WriteOptions options, CancellationToken cancellation) => inner.ReplaceAsync(next, options, cancellation);

        public Task<Outcome<Resource>> DeleteAsync(ResourceKey key, DeleteOptions options, CancellationToken cancellation) => inner.DeleteAsync(key, options, cancellation);

        public Outcome<IWatch> Watch(ResourceKind? kind, long after)
        {
            Opened++;
            var opened = inner.Watch(kind, after);
            return opened.Succeeded ? new ForgetfulWatch(this, opened.Value) : opened;
        }

        private sealed class ForgetfulWatch(ForgetfulStore store, IWatch inner) : IWatch
        {
            public long Position => inner.Position;

            public async ValueTask<Outcome<IReadOnlyList<Change>>> NextAsync(CancellationToken cancellation)
            {
                var next = await inner.NextAsync(cancellation);
                if (!store.Expire)
                {
                    return next;
                }

                store.Expire = false;
                return new Failure(FailureKind.Expired, "version-expired", "too old");
            }

            public void Dispose() => inner.Dispose();
        }
    }
}
