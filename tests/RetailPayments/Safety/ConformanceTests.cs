using Retail.Payments;
using Retail.Sandbox;
using Slipway.RetailPayments.Tests.Scenes;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;

namespace Slipway.RetailPayments.Tests.Safety;

/// <summary>The rules every service keeps.</summary>
public sealed class PaymentsConformance(PaymentsSubject subject) : ConformanceSuite(subject), IClassFixture<PaymentsSubject>;

/// <summary>The bank keeps them too.</summary>
public sealed class SandboxConformance(SandboxSubject subject) : ConformanceSuite(subject), IClassFixture<SandboxSubject>;

public sealed class PaymentsSubject(TestPostgres postgres, Identity identity) : ConformanceSubject
{
    private readonly Guid _person = Guid.CreateVersion7();
    private readonly ShopScene _shop = new(postgres, identity);

    public override string QueryPath => "/api/v1/payments";

    public override string BodyPath => "/api/v1/payments/tokens";

    public override string ValidBody => """{"providerToken":"tok_success"}""";

    public override async ValueTask InitializeAsync()
    {
        await _shop.InitializeAsync();
        await base.InitializeAsync();
    }

    public override async Task<RunningService> StartAsync() =>
        await (await RunningService.StartAsync(PaymentsService.Create, PaymentsService.Map, _shop.Environment(("LIMITS", "on")))).UntilReadyAsync();

    public override void Authorize(HttpRequestMessage request) =>
        request.Headers.Authorization = new("Bearer", identity.Issuer.Token("retail", _person, [ShopScene.Read, ShopScene.Write]));

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        await _shop.DisposeAsync();
    }
}

public sealed class SandboxSubject(TestPostgres postgres, Identity identity) : ConformanceSubject
{
    private readonly ShopScene _shop = new(postgres, identity);

    public override string QueryPath => "/v1/payment_intents";

    public override string BodyPath => "/v1/tokens";

    public override string ValidBody => """{"card":{"number":"4242424242424242","exp_month":12,"exp_year":2034,"cvc":"123"}}""";

    public override async ValueTask InitializeAsync()
    {
        await _shop.InitializeAsync();
        await base.InitializeAsync();
    }

    public override async Task<RunningService> StartAsync()
    {
        var environment = _shop.BankEnvironment(_shop.Webhooks.Address);
        environment["LIMITS"] = "on";
        return await (await RunningService.StartAsync(SandboxService.Create, SandboxService.Map, environment)).UntilReadyAsync();
    }

    public override void Authorize(HttpRequestMessage request) => request.Headers.Authorization = new("Bearer", ShopScene.ProviderKey);

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        await _shop.DisposeAsync();
    }
}
