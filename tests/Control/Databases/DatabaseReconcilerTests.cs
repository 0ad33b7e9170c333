using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Control.Databases;
using Slipway.Control.Events;
using Slipway.Control.Reconciling;
using Slipway.Control.Tests.World;
using Slipway.Model;
using Slipway.Model.Failures;
using Slipway.Model.Platform;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Control.Tests.Databases;

public sealed class DatabaseReconcilerTests : IAsyncDisposable
{
    private static readonly Failure s_away = new(FailureKind.Unavailable, "database-server-unavailable", "no answer");

    private readonly ManualTime _time = new();
    private readonly ResourceStore _store;
    private readonly FaultyStore _faulty;
    private readonly FakeAdmin _admin = new();
    private readonly Engine _engine;

    public DatabaseReconcilerTests()
    {
        _store = ResourceStore.InMemory(_time);
        _faulty = new FaultyStore(_store);
        var events = new EventRecorder(_store, _time, NullLogger<EventRecorder>.Instance);
        _engine = new Engine(_faulty, [new DatabaseReconciler(_faulty, _admin, events, _time)], _time, new TestLog<Engine>(), dice: () => 0.5);
    }

    [Fact]
    public async Task A_database_gets_a_secret_with_the_way_in_and_is_ready()
    {
        var database = await Create("main-db");
        await Settle();

        Assert.Equal(["ensure demo_main_db for slipway:demo/main-db with password"], _admin.Calls.Distinct().Take(1));
        var status = Status("main-db");
        Assert.Equal(("demo_main_db", "demo_main_db", "main-db-database"), (status.DatabaseName, status.Role, status.SecretName));
        Assert.Equal("True", status.Conditions.Single().Status);
        var secret = _store.Get(new ResourceKey(Kinds.Secret, "demo", "main-db-database"))!;
        Assert.Equal(database.Uid, secret.Metadata.ControllerOwner()!.Uid);
        Assert.Equal($"postgresql://demo_main_db:{_admin.Password}@db/demo_main_db", Value(secret, "DATABASE_URL"));
        Assert.Equal(32, _admin.Password!.Length);
    }

    [Fact]
    public async Task The_password_on_the_server_is_the_one_in_the_secret_whatever_fails_in_between()
    {
        for (var broken = 0; broken < 8; broken++)
        {
            var name = $"db{broken}";
            await Create(name);
            var (count, at) = (0, broken);
            _faulty.After = (_, _) => count++ == at ? s_away : null;
            await Settle();
            _faulty.After = (_, _) => null;
            await Settle();

            var secret = _store.Get(new ResourceKey(Kinds.Secret, "demo", $"{name}-database"))!;
            Assert.Equal(Value(secret, "password"), _admin.Password);
            Assert.Equal("True", Status(name).Conditions.Single().Status);
        }
    }

    [Fact]
    public async Task A_server_that_is_away_is_told_and_tried_again()
    {
        _admin.Trouble = s_away;
        await Create("late");
        await Settle();
        Assert.Equal(("False", "ServerUnavailable", "no answer"), (Status("late").Conditions[0].Status, Status("late").Conditions[0].Reason, Status("late").Conditions[0].Message));
        Assert.Null(Status("late").SecretName);

        _admin.Trouble = null;
        await Settle(TimeSpan.FromMinutes(2));
        Assert.Equal("True", Status("late").Conditions[0].Status);
    }

    [Fact]
    public async Task A_settled_database_is_left_alone()
    {
        await Create("calm");
        await Settle();
        var (version, calls) = (_store.Version, _admin.Calls.Count);
        await Settle(TimeSpan.FromHours(1));
        Assert.Equal((version, calls), (_store.Version, _admin.Calls.Count));
    }

    [Fact]
    public async Task A_foreign_secret_of_that_name_is_not_touched()
    {
        await _store.CreateAsync(new Resource(Kinds.Secret, new ObjectMeta { Name = "main-database", Namespace = "demo" }, "{}"u8.ToArray()), WriteOptions.Default, default);
        await Create("main");
        await Settle();
        Assert.Equal("NotOwned", Status("main").Conditions[0].Reason);
        Assert.Empty(_admin.Calls);
    }

    [Theory]
    [InlineData("Delete", true)]
    [InlineData("Retain", false)]
    [InlineData(null, false)]
    public async Task Deleting_drops_the_data_only_when_told_to(string? policy, bool drops)
    {
        await Create("main", policy);
        await Settle();
        await _store.DeleteAsync(new ResourceKey(Kinds.Database, "demo", "main"), DeleteOptions.Default, default);
        await Settle();

        Assert.Null(_store.Get(new ResourceKey(Kinds.Database, "demo", "main")));
        Assert.Equal(drops, _admin.Calls.Contains("drop demo_main"));
    }

    public async ValueTask DisposeAsync()
    {
        _engine.Dispose();
        await _store.DisposeAsync();
    }

    private static string Value(Resource secret, string key) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(secret.Read("data", KindsJson.Default.DictionaryStringString)![key]));

    private DatabaseStatus Status(string name) =>
        _store.Get(new ResourceKey(Kinds.Database, "demo", name))!.Read("status", KindsJson.Default.DatabaseStatus)!;

    private async Task<Resource> Create(string name, string? policy = null)
    {
        var spec = new JsonObject();
        if (policy is not null)
        {
            spec["deletionPolicy"] = policy;
        }

        return (await _store.CreateAsync(
            Resource.FromJson(Kinds.Database, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "demo" }, ["spec"] = spec }),
            WriteOptions.Default,
            default)).Value;
    }

    private async Task Settle(TimeSpan? during = null)
    {
        var until = _time.GetUtcNow() + (during ?? TimeSpan.FromSeconds(10));
        do
        {
            while (await _engine.StepAsync())
            {
            }

            if (_engine.NextDue is not { } due || due > until)
            {
                break;
            }

            _time.Advance(due > _time.GetUtcNow() ? due - _time.GetUtcNow() : TimeSpan.Zero);
        }
        while (true);
    }
}
