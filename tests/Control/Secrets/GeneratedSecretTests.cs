using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Control.Events;
using Slipway.Control.Reconciling;
using Slipway.Control.Secrets;
using Slipway.Control.Tests.World;
using Slipway.Model;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Control.Tests.Secrets;

public sealed class GeneratedSecretTests : IAsyncDisposable
{
    private static readonly ResourceKey s_key = new(Kinds.Secret, "demo", "keys");

    private readonly ManualTime _time = new();
    private readonly ResourceStore _store;
    private readonly Engine _engine;

    public GeneratedSecretTests()
    {
        _store = ResourceStore.InMemory(_time);
        var events = new EventRecorder(_store, _time, NullLogger<EventRecorder>.Instance);
        _engine = new Engine(_store, [new GeneratedSecretReconciler(_store, events)], _time, new TestLog<Engine>(), dice: () => 0.5);
    }

    [Fact]
    public async Task Keys_that_a_manifest_asks_for_are_made_once_and_kept()
    {
        await Create("MASTER_KEY, SESSION_KEY", "{}");
        await Settle();

        var first = Values();
        Assert.Equal(["MASTER_KEY", "SESSION_KEY"], first.Keys.Order());
        Assert.All(first.Values, value => Assert.Equal(32, Convert.FromBase64String(value).Length));
        Assert.NotEqual(first["MASTER_KEY"], first["SESSION_KEY"]);

        await Change("MASTER_KEY,SESSION_KEY,THIRD");
        await Settle();

        Assert.Equal(first, Values().Where(pair => pair.Key != "THIRD"));
        Assert.True(Values().ContainsKey("THIRD"));
    }

    [Fact]
    public async Task A_value_that_somebody_gave_is_left_alone()
    {
        await Create("MASTER_KEY", """{"MASTER_KEY":"b3du","OTHER":"eA=="}""");
        await Settle();

        Assert.Equal(new Dictionary<string, string> { ["MASTER_KEY"] = "own", ["OTHER"] = "x" }, Values());
    }

    [Fact]
    public async Task A_name_that_cannot_be_a_key_is_told_and_the_others_are_made()
    {
        await Create("GOOD, not good", "{}");
        await Settle();

        Assert.Equal(["GOOD"], Values().Keys);
    }

    public async ValueTask DisposeAsync()
    {
        _engine.Dispose();
        await _store.DisposeAsync();
    }

    private async Task Settle()
    {
        while (await _engine.StepAsync())
        {
        }
    }

    private async Task Create(string names, string data)
    {
        var metadata = new ObjectMeta { Name = s_key.Name, Namespace = s_key.Namespace, Annotations = new Dictionary<string, string> { [GeneratedSecretReconciler.Annotation] = names } };
        var draft = new Resource(Kinds.Secret, metadata, "{\"type\":\"Opaque\"}"u8.ToArray()).WithRaw("data", Encoding.UTF8.GetBytes(data));
        Assert.Null((await _store.CreateAsync(draft, WriteOptions.Default, default)).Failure);
    }

    private async Task Change(string names)
    {
        var secret = _store.Get(s_key)!;
        var next = secret.With(secret.Metadata with { Annotations = new Dictionary<string, string> { [GeneratedSecretReconciler.Annotation] = names } });
        Assert.Null((await _store.ReplaceAsync(next, WriteOptions.Default, default)).Failure);
    }

    private Dictionary<string, string> Values() => _store.Get(s_key)!.Read("data", KindsJson.Default.DictionaryStringString)!
        .ToDictionary(pair => pair.Key, pair => Encoding.UTF8.GetString(Convert.FromBase64String(pair.Value)));
}
