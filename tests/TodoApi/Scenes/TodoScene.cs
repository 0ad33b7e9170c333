using System.Net.Http.Headers;
using Slipway.Sdk.Hosting;
using Slipway.TodoApi.Tests.Scenes;
using Todo.Api;

[assembly: AssemblyFixture(typeof(TestPostgres))]
[assembly: AssemblyFixture(typeof(Identity))]
[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]

namespace Slipway.TodoApi.Tests.Scenes;

/// <summary>Signs tokens for the whole assembly.</summary>
public sealed class Identity : IAsyncLifetime
{
    public TestIssuer Issuer { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Issuer = await TestIssuer.StartAsync();

    public ValueTask DisposeAsync() => Issuer.DisposeAsync();
}

/// <summary>The service with a database of its own; one per test class.</summary>
public sealed class TodoScene(TestPostgres postgres, Identity identity) : IAsyncLifetime
{
    public static readonly string[] AllScopes =
        ["todo.todos:read", "todo.todos:write", "todo.todos:delete", "todo.lists:read", "todo.lists:write", "todo.lists:delete"];

    public TestDatabase Database { get; private set; } = null!;

    public RunningService Service { get; private set; } = null!;

    public TestIssuer Issuer => identity.Issuer;

    public async ValueTask InitializeAsync()
    {
        Database = await postgres.DatabaseAsync();
        Service = await (await StartAsync()).UntilReadyAsync();
    }

    /// <summary>Another instance on the same database.</summary>
    public Task<RunningService> StartAsync(params (string Name, string Value)[] settings)
    {
        var environment = Database.Environment.Concat(Issuer.Environment).ToDictionary();
        environment["HOUSEKEEPING_SECONDS"] = "1";
        environment["LIMITS"] = "off";
        environment["CURSOR_KEY"] = Convert.ToBase64String(new byte[32]);
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        return RunningService.StartAsync(TodoApiService.Create, TodoApiService.Map, environment);
    }

    public Person Person(string name = "Ann", RunningService? service = null, params string[] scopes)
    {
        var id = Guid.CreateVersion7();
        return PersonWith(id, name, service, scopes);
    }

    public Person PersonWith(Guid id, string name, RunningService? service = null, params string[] scopes)
    {
        var email = $"{name.ToLowerInvariant()}-{id:N}@example.test";
        var client = (service ?? Service).NewClient();
        var token = Issuer.Token("todo", id, scopes.Length == 0 ? AllScopes : scopes, change: claims =>
        {
            claims["name"] = name;
            claims["email"] = email;
        });
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new Person(id, email, token, client);
    }

    public async ValueTask DisposeAsync()
    {
        if (Service is not null)
        {
            await Service.DisposeAsync();
        }
    }
}
