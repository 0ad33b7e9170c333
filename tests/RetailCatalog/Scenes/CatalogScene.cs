using Microsoft.Extensions.DependencyInjection;
using Retail.Catalog;
using Retail.Catalog.Seeding;
using Slipway.RetailCatalog.Tests.Scenes;
using Slipway.Sdk.Caching;
using Slipway.Sdk.Database;
using Slipway.Sdk.Hosting;
using System.Net.Http.Headers;

[assembly: AssemblyFixture(typeof(TestPostgres))]
[assembly: AssemblyFixture(typeof(Identity))]
[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]

namespace Slipway.RetailCatalog.Tests.Scenes;

/// <summary>Signs tokens for the whole assembly.</summary>
public sealed class Identity : IAsyncLifetime
{
    public TestIssuer Issuer { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Issuer = await TestIssuer.StartAsync();

    public ValueTask DisposeAsync() => Issuer.DisposeAsync();
}

/// <summary>The service with a database of its own and the categories of the shop; one per test class.</summary>
public class CatalogScene(TestPostgres postgres, Identity identity) : IAsyncLifetime
{
    public static readonly string[] AllScopes = ["retail.products:read", "retail.products:write"];

    public TestDatabase Database { get; private set; } = null!;

    public RunningService Service { get; private set; } = null!;

    public TestIssuer Issuer => identity.Issuer;

    public async ValueTask InitializeAsync()
    {
        Database = await postgres.DatabaseAsync();
        Service = await (await StartAsync()).UntilReadyAsync();
        await PrepareAsync();
    }

    protected virtual Task PrepareAsync() => Service.Services.GetRequiredService<Database>().WriteAsync(
        (transaction, cancellation) => Seed.SaveShelvesAsync(transaction, SeedFile.Read(), cancellation), CancellationToken.None);

    /// <summary>Another instance on the same database.</summary>
    public Task<RunningService> StartAsync(params (string Name, string Value)[] settings)
    {
        var environment = Database.Environment.Concat(Issuer.Environment).ToDictionary();
        environment["LIMITS"] = "off";

        // The broker is not there in these tests; what is written for it is looked at in the outbox.
        environment["SLIPWAY_EVENTS"] = "http://127.0.0.1:9/default";
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        return RunningService.StartAsync(CatalogService.Create, CatalogService.Map, environment);
    }

    /// <summary>Once the instance hears the others and so remembers answers.</summary>
    public static async Task UntilRememberingAsync(RunningService service)
    {
        var cache = service.Services.GetRequiredService<ResponseCache>();
        await Eventually.TrueAsync(() => Task.FromResult(cache.Trusted));
    }

    public Person Vendor(RunningService? service = null, Guid? id = null) => Person("vendor", service, id);

    public Person Admin() => Person("admin");

    public Person Customer() => Person("customer");

    public Person Person(string role, RunningService? service = null, Guid? userId = null, string[]? scopes = null)
    {
        var id = userId ?? Guid.CreateVersion7();
        var client = (service ?? Service).NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Issuer.Token("retail", id, scopes ?? AllScopes, [role]));
        return new Person(id, client);
    }

    public Person Nobody(RunningService? service = null) => new(Guid.Empty, (service ?? Service).NewClient());

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Service is not null)
        {
            await Service.DisposeAsync();
        }
    }
}

/// <summary>The same with the shop's first products in it.</summary>
public sealed class FilledScene(TestPostgres postgres, Identity identity) : CatalogScene(postgres, identity)
{
    protected override async Task PrepareAsync() =>
        Assert.Equal(0, await Service.Services.GetRequiredService<Seed>().RunAsync(CancellationToken.None));
}
