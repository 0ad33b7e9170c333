using System.Text.Json;
using Npgsql;
using Slipway.Model.Resources;
using Slipway.Store.Journal;

namespace Slipway.Store.Tests.Journal;

public sealed class PostgresJournalTests(SharedPostgres postgres)
{
    [Fact]
    public async Task A_restarted_store_has_exactly_what_it_had()
    {
        var database = await postgres.DatabaseAsync();
        List<string> before;
        long version;
        await using (var store = await database.StoreAsync())
        {
            foreach (var (body, at) in Bodies.Select((body, at) => (body, at)))
            {
                var created = await store.Created(Rich($"object-{at}", body));
                await store.Replaced(created.WithMeta(metadata => metadata with { Labels = new() { ["touched"] = "ja \u00fc \u0001 \"" } }));
            }

            var marked = await store.Created(Rich("marked", "{}").WithMeta(metadata => metadata with { Finalizers = ["a/b"] }));
            await store.Deleted(marked, Propagation.Foreground);
            await store.Deleted(await store.Created(Rich("gone", "{}")));
            await store.Created(Rich("secret", """{"data":{"password":"aHVudGVyMg=="},"type":"Opaque"}""", Kinds.Secret));
            before = Portraits(store);
            version = store.Version;
        }

        await using var reloaded = await database.StoreAsync();
        Assert.Equal(version, reloaded.Version);
        Assert.Equal(before, Portraits(reloaded));
        Assert.Equal(version + 1, (await reloaded.Created(Scene.Draft("next"))).Version);
        Assert.Equal("history-expired", reloaded.Watch(null, version - 1).Failure?.Code);
        Assert.True(reloaded.Watch(null, version).Succeeded);
    }

    [Fact]
    public async Task Many_writers_share_a_transaction()
    {
        var database = await postgres.DatabaseAsync();
        await using var store = await database.StoreAsync();
        var before = long.Parse(await database.TextAsync(Transactions));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 2_000).Select(n => store.Create(Scene.Draft($"object-{n}"))));

        Assert.All(outcomes, outcome => Assert.True(outcome.Succeeded));
        Assert.InRange(long.Parse(await database.TextAsync(Transactions)) - before, 0, 500);
        Assert.Equal("2000", await database.TextAsync("select count(*) from store.resources"));
    }

    [Fact]
    public async Task What_a_secret_holds_cannot_be_read_in_the_database()
    {
        var database = await postgres.DatabaseAsync();
        await using var store = await database.StoreAsync();
        var secret = await store.Created(Scene.Draft("s", """{"data":{"password":"aHVudGVyMg=="}}""", kind: Kinds.Secret).WithMeta(metadata => metadata with
        {
            Annotations = new() { ["kubectl.kubernetes.io/last-applied-configuration"] = """{"data":{"password":"aHVudGVyMg=="}}""" },
        }));

        Assert.Contains("aHVudGVyMg==", store.Get(secret.Key)!.BodyText(), StringComparison.Ordinal);
        var rows = await database.TextAsync("select string_agg(r::text || encode(sealed, 'escape'), '') from store.resources r");
        Assert.Contains(secret.Uid, rows, StringComparison.Ordinal);
        Assert.DoesNotContain("aHVudGVyMg", rows, StringComparison.Ordinal);
        Assert.DoesNotContain("password", rows, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", rows, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_key_or_a_moved_secret_is_noticed()
    {
        var database = await postgres.DatabaseAsync();
        await using (var store = await database.StoreAsync())
        {
            await store.Created(Scene.Draft("one", """{"data":{"a":"MQ=="}}""", kind: Kinds.Secret));
            await store.Created(Scene.Draft("two", """{"data":{"a":"Mg=="}}""", kind: Kinds.Secret));
        }

        await using (var otherKey = database.Journal(otherKey: new byte[Sealing.KeyBytes]))
        {
            var outcome = await otherKey.OpenAsync(CancellationToken.None);
            Assert.Equal("secret-not-readable", outcome.Failure?.Code);
            Assert.Contains("another key", outcome.Failure!.Detail, StringComparison.Ordinal);
        }

        await database.TextAsync("update store.resources set sealed = (select sealed from store.resources where name = 'one') where name = 'two'");
        await using var moved = database.Journal();
        Assert.Equal("secret-not-readable", (await moved.OpenAsync(CancellationToken.None)).Failure?.Code);
    }

    [Fact]
    public async Task A_second_writer_is_refused_and_gets_in_when_the_first_is_gone()
    {
        var database = await postgres.DatabaseAsync();
        var first = await database.StoreAsync();
        await using (var second = database.Journal(lockWait: TimeSpan.FromMilliseconds(100)))
        {
            var outcome = await second.OpenAsync(CancellationToken.None);
            Assert.Equal("store-in-use", outcome.Failure?.Code);
            Assert.Contains("Another slipwayd", outcome.Failure!.Detail, StringComparison.Ordinal);
        }

        Assert.True((await first.Create(Scene.Draft("still-writing"))).Succeeded);
        await first.DisposeAsync();
        await using var third = await database.StoreAsync();
        Assert.NotNull(third.Get(Scene.Draft("still-writing").Key));
    }

    [Fact]
    public async Task A_session_that_is_cut_while_nobody_writes_is_replaced_by_the_next_write()
    {
        var database = await postgres.DatabaseAsync();
        var journal = database.Journal();
        await using var store = (await ResourceStore.OpenAsync(journal, TimeProvider.System, TestDatabase.Patient, CancellationToken.None)).Value;
        await store.Created(Scene.Draft("one"));
        var session = journal.SessionPid;
        await database.TextAsync($"select pg_terminate_backend({session})");
        await store.Created(Scene.Draft("two"));

        Assert.NotEqual(session, journal.SessionPid);
        Assert.Equal("2", await database.TextAsync("select count(*) from store.resources"));
    }

    [Fact]
    public async Task A_writer_that_was_overtaken_stops_for_good()
    {
        var database = await postgres.DatabaseAsync();
        await using var store = await database.StoreAsync();
        await store.Created(Scene.Draft("one"));
        await database.TextAsync("update store.counter set version = 99");
        var late = await store.Create(Scene.Draft("two"));

        Assert.Equal("store-outdated", late.Failure?.Code);
        Assert.Equal("store-outdated", (await store.Lost.WaitAsync(Scene.Patience)).Code);
        Assert.Equal("store-outdated", (await store.Create(Scene.Draft("three"))).Failure?.Code);
        Assert.Equal("1", await database.TextAsync("select count(*) from store.resources"));
    }

    [Fact]
    public async Task A_database_that_is_ahead_or_was_tampered_with_stops_the_start()
    {
        var database = await postgres.DatabaseAsync();
        await (await database.StoreAsync()).DisposeAsync();
        await database.TextAsync("insert into store.migrations (number, name, checksum) values (9999, 'future', 'x')");
        await using (var ahead = database.Journal())
        {
            Assert.Equal("database-ahead", (await ahead.OpenAsync(CancellationToken.None)).Failure?.Code);
        }

        await database.TextAsync("delete from store.migrations where number = 9999");
        await database.TextAsync("update store.migrations set checksum = 'other'");
        await using var changed = database.Journal();
        Assert.Equal("database-migration-changed", (await changed.OpenAsync(CancellationToken.None)).Failure?.Code);
    }

    [Fact]
    public async Task Programs_that_migrate_at_the_same_time_do_it_once()
    {
        var database = await postgres.DatabaseAsync();
        var failures = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await using var connection = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
            await connection.OpenAsync();
            return await Migrations.ApplyAsync(connection, Migrations.Own(), CancellationToken.None);
        }));

        Assert.All(failures, Assert.Null);
        Assert.Equal(Migrations.Own().Count.ToString(), await database.TextAsync("select count(*) from store.migrations"));
    }

    private const string Transactions = "select xact_commit from pg_stat_database where datname = current_database()";

    private static IEnumerable<string> Bodies =>
    [
        "{}",
        """{"z":1,"a":2,"spec":{"b":[1,2,{"c":null}],"a":true}}""",
        """{ "spec" : { "numbers" : [1.0, 1e2, -0, 12345678901234567890, 0.1000] } }""",
        """{"text":"quote \" backslash \\ nul \u0000 pair \ud83d\ude00 emoji 😀 tab \t"}""",
        """{"":{"":[]},"deep":[[[[[[1]]]]]]}""",
    ];

    private static Resource Rich(string name, string body, ResourceKind? kind = null) => Scene.Draft(name, body, kind: kind).WithMeta(metadata => metadata with
    {
        Labels = new() { ["b"] = "2", ["a"] = "1" },
        Annotations = new() { ["note"] = "line one\nline two \u0000 é" },
        OwnerReferences = [new OwnerReference { ApiVersion = "v1", Kind = "Pod", Name = "p", Uid = "u", Controller = true }],
        ManagedFields = [JsonElement.Parse("""{"manager":"kubectl","time":"2026-01-01T00:00:00Z","fieldsV1":{"f:spec":{}}}""")],
    });

    private static List<string> Portraits(ResourceStore store) =>
        [.. Kinds.All.SelectMany(kind => store.List(kind).Items).Select(resource => resource.Portrait())];
}
