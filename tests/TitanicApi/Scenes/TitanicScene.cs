using System.Net.Http.Headers;
using Slipway.Sdk.Hosting;
using Slipway.TitanicApi.Tests.Scenes;
using Titanic.Api;
using Titanic.Api.Endpoints;

[assembly: AssemblyFixture(typeof(TestPostgres))]
[assembly: AssemblyFixture(typeof(Identity))]
[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]

namespace Slipway.TitanicApi.Tests.Scenes;

/// <summary>Signs tokens for the whole assembly.</summary>
public sealed class Identity : IAsyncLifetime
{
    public TestIssuer Issuer { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Issuer = await TestIssuer.StartAsync();

    public ValueTask DisposeAsync() => Issuer.DisposeAsync();
}

/// <summary>The service with a database of its own; one per test class.</summary>
public class TitanicScene(TestPostgres postgres, Identity identity) : IAsyncLifetime
{
    internal static readonly string[] AllScopes = [AccessMode.Read, AccessMode.Write, AccessMode.Admin];

    public TestDatabase Database { get; private set; } = null!;

    public RunningService Service { get; private set; } = null!;

    public TestIssuer Issuer => identity.Issuer;

    public async ValueTask InitializeAsync()
    {
        Database = await postgres.DatabaseAsync();
        Service = await (await StartAsync()).UntilReadyAsync();
        await PrepareAsync();
    }

    protected virtual Task PrepareAsync() => Task.CompletedTask;

    public Dictionary<string, string?> Environment(params (string Name, string Value)[] settings)
    {
        var environment = Database.Environment.Concat(Issuer.Environment).ToDictionary();
        environment["LIMITS"] = "off";
        environment["TENANTS"] = "titanic,olympic,britannic,gigantic";

        // The broker is not there in these tests; what is written for it is looked at in the outbox.
        environment["SLIPWAY_EVENTS"] = "http://127.0.0.1:9/default";
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        return environment;
    }

    /// <summary>Another instance on the same database.</summary>
    public Task<RunningService> StartAsync(params (string Name, string Value)[] settings) =>
        RunningService.StartAsync(TitanicService.Create, TitanicService.Map, Environment(settings));

    /// <summary>Somebody who may do everything in everybody's tenant, and in those named.</summary>
    public Person Admin(RunningService? service = null, params string[] tenants) => Person(AllScopes, tenants, service);

    public Person Person(string[] scopes, string[]? tenants = null, RunningService? service = null)
    {
        var id = Guid.CreateVersion7();
        var client = (service ?? Service).NewClient();
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", Issuer.Token("titanic", id, scopes, (tenants ?? []).Select(tenant => "tenant:" + tenant)));
        return new Person(client);
    }

    public Person Nobody(RunningService? service = null) => new((service ?? Service).NewClient());

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Service is not null)
        {
            await Service.DisposeAsync();
        }
    }
}
