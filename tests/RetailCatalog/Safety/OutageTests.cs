using Retail.Catalog;
using Slipway.RetailCatalog.Tests.Scenes;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;

namespace Slipway.RetailCatalog.Tests.Safety;

public sealed class OutageTests(Identity identity)
{
    [Fact]
    public async Task While_the_database_is_away_the_last_answers_are_given_with_their_age_and_others_are_refused()
    {
        await using var postgres = new TestPostgres();
        var database = await postgres.DatabaseAsync();
        var environment = database.Environment.Concat(identity.Issuer.Environment).ToDictionary();
        environment["BREAKER_TIMEOUT_MS"] = "5000";
        environment["BREAKER_PROBE_MS"] = "100";
        environment["LIMITS"] = "off";
        await using var service = await RunningService.StartAsync(CatalogService.Create, CatalogService.Map, environment);
        await service.UntilReadyAsync();
        await CatalogScene.UntilRememberingAsync(service);
        var nobody = new Person(Guid.Empty, service.NewClient());
        const string Asked = "/api/v1/products?category=toys";
        var known = await nobody.GetAsync(Asked);
        Assert.Null(known.Header("Age"));

        await postgres.StopAsync();

        Answer? old = null;
        await Eventually.TrueAsync(async () => (old = await nobody.GetAsync(Asked)).Header("Age") is not null);
        Assert.Equal((200, known.Body), (old!.Status, old.Body));
        Assert.Contains("stale", old.Header("Warning"), StringComparison.Ordinal);
        (await nobody.GetAsync("/api/v1/products?category=audio")).Problem(503);
        await postgres.StartAsync();
        await Eventually.TrueAsync(async () => (await nobody.GetAsync("/api/v1/products?category=audio")).Status == 200);
        await Eventually.TrueAsync(async () => (await nobody.GetAsync(Asked)).Header("Age") is null);
    }
}
