using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store.Journal;

namespace Slipway.Store.Tests.Contract;

/// <summary>
/// Random histories against a model so simple that it is obviously right. A failure is a seed: run it again and the same thing happens.
/// </summary>
public sealed class ModelTests(SharedPostgres postgres)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task A_store_in_memory_behaves_like_the_model_even_when_commits_go_wrong(int seed)
    {
        var random = new Random(seed);
        var journal = new InMemoryJournal
        {
            Faults = _ => random.Next(10) switch
            {
                0 => JournalFault.AnswerLost,
                1 => JournalFault.RequestLost,
                2 => JournalFault.Unreachable,
                _ => JournalFault.None,
            },
        };
        await using var store = ResourceStore.InMemory(TimeProvider.System, journal, new StoreOptions { Random = random });
        var model = await PlayAsync(store, random, steps: 1_500);
        await using var reloaded = ResourceStore.InMemory(TimeProvider.System, journal);
        model.AssertSameAs(reloaded);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task A_store_in_a_database_behaves_like_the_model(int seed)
    {
        var random = new Random(seed);
        var database = await postgres.DatabaseAsync();
        Model model;
        await using (var store = await database.StoreAsync())
        {
            model = await PlayAsync(store, random, steps: 300);
        }

        await using var reloaded = await database.StoreAsync();
        model.AssertSameAs(reloaded);
    }

    private static async Task<Model> PlayAsync(ResourceStore store, Random random, int steps)
    {
        var model = new Model();
        using var watch = store.Watch(null, 0).Value;
        for (var step = 0; step < steps; step++)
        {
            await StepAsync(store, model, random);
        }

        model.AssertSameAs(store);
        Assert.Equal(model.Version, store.Version);

        // The watch tells the same story: played back from nothing, it ends where the store is.
        var replay = new Dictionary<ResourceKey, Resource>();
        foreach (var change in await watch.Next((int)model.Version))
        {
            Assert.Equal(change.Before, replay.GetValueOrDefault(change.Resource.Key));
            replay[change.Resource.Key] = change.Resource;
            if (change.Type == ChangeType.Deleted)
            {
                replay.Remove(change.Resource.Key);
            }
        }

        Assert.Equal(store.List(Kinds.ConfigMap).Items, replay.Values.OrderBy(resource => resource.Name, StringComparer.Ordinal));
        return model;
    }

    private static async Task StepAsync(ResourceStore store, Model model, Random random)
    {
        var name = $"object-{random.Next(12):00}";
        var key = Scene.Draft(name).Key;
        var body = $$$"""{"spec":{"a":{{{random.Next(3)}}}},"status":{"b":{{{random.Next(3)}}}}}""";
        var current = store.Get(key);
        switch (random.Next(4))
        {
            case 0:
                var finalizers = random.Next(3) == 0 ? new List<string> { "a/b" } : null;
                var draft = Scene.Draft(name, body).WithMeta(metadata => metadata with { Finalizers = finalizers });
                model.Create(key, body, finalizers is not null, await store.Create(draft));
                break;
            case 1 when current is not null:
                model.Replace(key, body, keepFinalizer: true, stale: false, await store.Replace(current.WithBody(body)));
                break;
            case 2 when current is not null:
                var stale = random.Next(3) == 0;
                var next = current.WithMeta(metadata => metadata with
                {
                    Finalizers = null,
                    ResourceVersion = stale ? "0" : metadata.ResourceVersion,
                });
                model.Replace(key, current.BodyText(), keepFinalizer: false, stale, await store.Replace(next));
                break;
            default:
                model.Delete(key, await store.Delete(key));
                break;
        }
    }

    private sealed class Model
    {
        private readonly Dictionary<ResourceKey, Entry> _entries = [];

        public long Version { get; private set; }

        public void Create(ResourceKey key, string body, bool finalizer, Outcome<Resource> outcome)
        {
            if (_entries.ContainsKey(key))
            {
                Assert.Equal(FailureKind.AlreadyExists, outcome.Failure?.Kind);
                return;
            }

            _entries[key] = new Entry(body, finalizer, false, 1, ++Version);
            Assert.Equal(Version, outcome.Value.Version);
        }

        public void Replace(ResourceKey key, string body, bool keepFinalizer, bool stale, Outcome<Resource> outcome)
        {
            var entry = _entries[key];
            if (stale)
            {
                Assert.Equal(FailureKind.Conflict, outcome.Failure?.Kind);
                return;
            }

            var finalizer = entry.Finalizer && keepFinalizer;
            if (body == entry.Body && finalizer == entry.Finalizer)
            {
                Assert.Equal(entry.Version, outcome.Value.Version);
                return;
            }

            // The spec is the part before the status.
            var sameSpec = body[..body.IndexOf("status", StringComparison.Ordinal)] == entry.Body[..entry.Body.IndexOf("status", StringComparison.Ordinal)];
            var next = entry with { Body = body, Finalizer = finalizer, Generation = entry.Generation + (sameSpec ? 0 : 1), Version = ++Version };
            Assert.Equal(Version, outcome.Value.Version);
            Set(key, entry.Deleting && !finalizer ? null : next);
        }

        public void Delete(ResourceKey key, Outcome<Resource> outcome)
        {
            if (!_entries.TryGetValue(key, out var entry))
            {
                Assert.Equal(FailureKind.NotFound, outcome.Failure?.Kind);
            }
            else if (entry is { Finalizer: true, Deleting: true })
            {
                Assert.Equal(entry.Version, outcome.Value.Version);
            }
            else
            {
                Assert.Equal(++Version, outcome.Value.Version);
                Set(key, entry.Finalizer ? entry with { Deleting = true, Version = Version } : null);
            }
        }

        public void AssertSameAs(ResourceStore store) => Assert.Equal(
            _entries.OrderBy(entry => entry.Key.Name, StringComparer.Ordinal).Select(entry => (entry.Key.Name, entry.Value)),
            store.List(Kinds.ConfigMap).Items.Select(resource => (resource.Name, new Entry(
                resource.BodyText(),
                resource.Metadata.Finalizers is { Count: > 0 },
                resource.IsDeleting,
                resource.Metadata.Generation,
                resource.Version))));

        private void Set(ResourceKey key, Entry? entry)
        {
            if (entry is null)
            {
                _entries.Remove(key);
            }
            else
            {
                _entries[key] = entry;
            }
        }

        private sealed record Entry(string Body, bool Finalizer, bool Deleting, long Generation, long Version);
    }
}
