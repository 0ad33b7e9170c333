using System.Security.Cryptography;
using Slipway.Identity;
using Slipway.Sdk.Hosting;
using Slipway.Web.Tests.Product;
using Todo.Api;
using Todo.Insights;
using Todo.Monitor;
using Todo.Web;

[assembly: AssemblyFixture(typeof(RunningProduct))]
[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]

namespace Slipway.Web.Tests.Product;

/// <summary>
/// The product as people meet it: all services in this process behind one front door, each with a real database, found by name under
/// <c>.localhost</c>. Started by the first test that needs it; tests keep apart by using accounts of their own.
/// </summary>
public sealed class RunningProduct : IAsyncLifetime, IHome
{
    private readonly TestPostgres _postgres = new();
    private readonly SemaphoreSlim _starting = new(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-web-").FullName;
    private readonly List<RunningService> _services = [];
    private FrontDoor? _door;
    private TestDatabase? _accounts;
    private int _people;

    MailFolder IHome.Mails => Mails;

    Uri IHome.Identity => Identity;

    TestDatabase IHome.Accounts => Accounts;

    internal MailFolder Mails => new(Path.Combine(_folder, "mail"));

    internal Uri Todo => _door!.UrlOf("todo");

    internal Uri Identity => _door!.UrlOf("identity");

    /// <summary>Past all services: for what only an operator does, such as making the first administrator.</summary>
    internal TestDatabase Accounts => _accounts!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    Task IHome.EnsureStartedAsync() => EnsureStartedAsync();

    string IHome.NewEmail(string name) => NewEmail(name);

    internal async Task EnsureStartedAsync()
    {
        await _starting.WaitAsync();
        try
        {
            if (_door is null)
            {
                await StartAsync();
            }
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>An address that no other test uses.</summary>
    internal string NewEmail(string name) => $"{name}.{Interlocked.Increment(ref _people)}@people.example";

    public async ValueTask DisposeAsync()
    {
        // In the order in which they lean on each other; what streams to a page ends with the drain.
        for (var at = _services.Count - 1; at >= 0; at--)
        {
            await _services[at].DisposeAsync();
        }

        if (_door is not null)
        {
            await _door.DisposeAsync();
        }

        await _postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        _starting.Dispose();
    }

    private async Task StartAsync()
    {
        var door = await FrontDoor.OpenAsync();
        _accounts = await _postgres.DatabaseAsync();
        var accounts = Environment(door, _accounts.Environment, new()
        {
            ["MAIL_SPOOL"] = Path.Combine(_folder, "mail"),
            ["IDENTITY_MASTER_KEY"] = NewKey(),
            ["SESSION_KEY"] = NewKey(),
            ["BCRYPT_ROUNDS"] = "4",
            ["RETAIL_BCRYPT_ROUNDS"] = "4",
        });
        await LeadAsync(door, "identity", RunningService.StartAsync(IdentityService.Create, IdentityService.Map, accounts));
        var todos = Environment(door, (await _postgres.DatabaseAsync()).Environment, []);
        await LeadAsync(door, "todo-api", RunningService.StartAsync(TodoApiService.Create, TodoApiService.Map, todos));
        await LeadAsync(door, "todo-insights", RunningService.StartAsync(InsightsService.Create, InsightsService.Map, Environment(door, [], [])));
        var monitor = Environment(door, (await _postgres.DatabaseAsync()).Environment, []);
        await LeadAsync(door, "todo-monitor", RunningService.StartAsync(MonitorService.Create, MonitorService.Map, monitor));
        var pages = Environment(door, (await _postgres.DatabaseAsync()).Environment, new() { ["SESSION_KEY"] = NewKey() });
        await LeadAsync(door, "todo", RunningService.StartAsync(TodoWebService.Create, TodoWebService.Map, pages));
        _door = door;
    }

    private async Task LeadAsync(FrontDoor door, string name, Task<RunningService> starting)
    {
        var service = await starting;
        _services.Add(service);
        door.Lead(name, service.Address);
    }

    private static Dictionary<string, string?> Environment(FrontDoor door, Dictionary<string, string?> database, Dictionary<string, string?> own)
    {
        var all = new Dictionary<string, string?>(database)
        {
            ["SLIPWAY_GATEWAY"] = $"http://127.0.0.1:{door.Port}",
            ["SLIPWAY_PUBLIC_URL"] = $"http://{{service}}.localhost:{door.Port}",

            // All people of all tests come from one address, which a limit would take for one busy person.
            ["LIMITS"] = "off",
        };
        foreach (var (name, value) in own)
        {
            all[name] = value;
        }

        return all;
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
