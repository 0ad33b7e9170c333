using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Model.Resources;
using Slipway.Store.Postgres;

namespace Slipway.Store.Tests.Postgres;

/// <summary>An acknowledged write is there afterwards, whatever dies meanwhile.</summary>
public sealed class DurabilityTests(SharedPostgres postgres)
{
    private static readonly byte[] s_key = new byte[32];

    [Fact]
    public async Task Every_acknowledged_write_survives_a_server_that_is_killed_under_load()
    {
        using var folder = new TemporaryFolder();
        await using var server = (EmbeddedDatabaseServer)DatabaseServer.Create(
            SharedPostgres.Options(folder.Path), TimeProvider.System, NullLoggerFactory.Instance).Value;
        Assert.Null(await server.StartAsync(CancellationToken.None));
        List<string> before;
        await using (var store = (await ResourceStore.OpenAsync(server, s_key, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None)).Value)
        {
            await using var load = new Load(store);
            for (var kill = 0; kill < 2; kill++)
            {
                await load.ProgressAsync(200);
                var victim = server.ProcessId;
                using (var process = Process.GetProcessById(victim))
                {
                    process.Kill();
                }

                await Scene.Until(() => server.ProcessId != victim, "the server is started again");
            }

            await load.ProgressAsync(200);
            var acknowledged = await load.StopAsync();
            AssertAllThere(acknowledged, store);
            Assert.False(store.Lost.IsCompleted);
            before = [.. store.List(Kinds.ConfigMap).Items.Select(resource => resource.Portrait())];
        }

        await using var reloaded = (await ResourceStore.OpenAsync(server, s_key, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None)).Value;
        Assert.Equal(before, reloaded.List(Kinds.ConfigMap).Items.Select(resource => resource.Portrait()));
    }

    [Fact]
    public async Task Every_acknowledged_write_survives_sessions_that_are_cut_off_under_load()
    {
        var database = await postgres.DatabaseAsync();
        var journal = database.Journal();
        var store = (await ResourceStore.OpenAsync(journal, TimeProvider.System, StoreOptions.Default, CancellationToken.None)).Value;
        await using var load = new Load(store);
        for (var cut = 0; cut < 6; cut++)
        {
            await load.ProgressAsync(50);
            await database.TextAsync("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())");
        }

        await load.ProgressAsync(50);
        var acknowledged = await load.StopAsync();
        AssertAllThere(acknowledged, store);
        var portrait = store.List(Kinds.ConfigMap).Items.Select(resource => resource.Portrait()).ToList();
        var version = store.Version;
        await store.DisposeAsync();

        await using var reloaded = await database.StoreAsync();
        Assert.Equal(version, reloaded.Version);
        Assert.Equal(portrait, reloaded.List(Kinds.ConfigMap).Items.Select(resource => resource.Portrait()));
    }

    private static void AssertAllThere(IReadOnlyCollection<Resource> acknowledged, ResourceStore store)
    {
        Assert.NotEmpty(acknowledged);
        Assert.All(acknowledged, resource => Assert.Same(resource, store.Get(resource.Key)));
    }

    /// <summary>Eight writers that create one object after the other and remember what was acknowledged.</summary>
    private sealed class Load : IAsyncDisposable
    {
        private readonly ConcurrentQueue<Resource> _acknowledged = new();
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _writers;

        public Load(ResourceStore store) => _writers = Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var n = 0; !_stop.IsCancellationRequested; n++)
            {
                var outcome = await store.CreateAsync(Scene.Draft($"object-{writer}-{n}"), WriteOptions.Default, CancellationToken.None);
                if (outcome.Succeeded)
                {
                    _acknowledged.Enqueue(outcome.Value);
                }
                else
                {
                    Assert.True(outcome.Failure!.Code is "database-unavailable" or "write-in-doubt", outcome.Failure.ToString());
                }
            }
        })));

        public Task ProgressAsync(int more)
        {
            var goal = _acknowledged.Count + more;
            return Scene.Until(() => _acknowledged.Count >= goal || _writers.IsFaulted, "writes are acknowledged");
        }

        public async Task<IReadOnlyCollection<Resource>> StopAsync()
        {
            await _stop.CancelAsync();
            await _writers.WaitAsync(Scene.Patience);
            return _acknowledged;
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _writers.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }
    }
}
