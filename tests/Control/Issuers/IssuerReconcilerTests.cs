using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Control.Events;
using Slipway.Control.Issuers;
using Slipway.Control.Reconciling;
using Slipway.Control.Tests.World;
using Slipway.Model;
using Slipway.Model.Failures;
using Slipway.Model.Platform;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Control.Tests.Issuers;

public sealed class IssuerReconcilerTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly ResourceStore _store;
    private readonly FakeIssuers _issuers = new();
    private readonly Engine _engine;

    public IssuerReconcilerTests()
    {
        _store = ResourceStore.InMemory(_time);
        var events = new EventRecorder(_store, _time, NullLogger<EventRecorder>.Instance);
        _engine = new Engine(_store, [new IssuerReconciler(_store, _issuers, events)], _time, new TestLog<Engine>(), dice: () => 0.5);
    }

    [Fact]
    public async Task The_keys_of_the_issuing_service_are_kept_where_the_gateway_looks()
    {
        await Policy();
        await Settle(TimeSpan.FromSeconds(1));

        Assert.Equal(("http://identity.localhost", "{\"keys\":[1]}"), Kept());
        Assert.Equal(["demo/identity"], _issuers.Asked.Distinct());
    }

    [Fact]
    public async Task A_new_key_is_followed()
    {
        await Policy();
        await Settle(TimeSpan.FromSeconds(1));
        _issuers.Answer = new IssuerDocument("http://identity.localhost", "{\"keys\":[1,2]}");
        await Settle(TimeSpan.FromMinutes(2));

        Assert.Equal("{\"keys\":[1,2]}", Kept().Keys);
    }

    [Fact]
    public async Task What_was_learned_stays_while_the_issuer_is_away_and_an_unknown_issuer_is_asked_again()
    {
        _issuers.Answer = new Failure(FailureKind.Unavailable, "issuer-unavailable", "away");
        await Policy();
        await Settle(TimeSpan.FromSeconds(1));
        Assert.Null(_store.Get(new ResourceKey(Kinds.Secret, "demo", "api-issuer")));

        _issuers.Answer = new IssuerDocument("http://identity.localhost", "{\"keys\":[1]}");
        await Settle(TimeSpan.FromMinutes(2));
        Assert.Equal("{\"keys\":[1]}", Kept().Keys);

        _issuers.Answer = new Failure(FailureKind.Unavailable, "issuer-unavailable", "away");
        await Settle(TimeSpan.FromMinutes(5));
        Assert.Equal("{\"keys\":[1]}", Kept().Keys);
    }

    public async ValueTask DisposeAsync()
    {
        _engine.Dispose();
        await _store.DisposeAsync();
    }

    private (string Issuer, string Keys) Kept()
    {
        var data = _store.Get(new ResourceKey(Kinds.Secret, "demo", "api-issuer"))!.Read("data", KindsJson.Default.DictionaryStringString)!;
        return (Text(data["issuer"]), Text(data["jwks.json"]));

        static string Text(string encoded) => Encoding.UTF8.GetString(Convert.FromBase64String(encoded));
    }

    private async Task Policy()
    {
        var spec = new TrafficPolicySpec
        {
            TargetRef = new TargetReference { Kind = "Service", Name = "api" },
            Authentication = new AuthenticationSpec { Mode = "jwt", IssuerService = "identity" },
        };
        var draft = Resource.Of(Kinds.TrafficPolicy, new ObjectMeta { Name = "api", Namespace = "demo" }, "spec", spec, KindsJson.Default.TrafficPolicySpec);
        Assert.Null((await _store.CreateAsync(draft, WriteOptions.Default, default)).Failure);
    }

    private async Task Settle(TimeSpan during)
    {
        var until = _time.GetUtcNow() + during;
        while (true)
        {
            while (await _engine.StepAsync())
            {
            }

            if (_engine.NextDue is not { } due || due > until)
            {
                _time.Advance(until - _time.GetUtcNow());
                return;
            }

            _time.Advance(due > _time.GetUtcNow() ? due - _time.GetUtcNow() : TimeSpan.Zero);
        }
    }

    private sealed class FakeIssuers : IIssuerDocuments
    {
        public Outcome<IssuerDocument> Answer { get; set; } = new IssuerDocument("http://identity.localhost", "{\"keys\":[1]}");

        public List<string> Asked { get; } = [];

        public Task<Outcome<IssuerDocument>> FetchAsync(string @namespace, string service, CancellationToken cancellation)
        {
            Asked.Add($"{@namespace}/{service}");
            return Task.FromResult(Answer);
        }
    }
}
