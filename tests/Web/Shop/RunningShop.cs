using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Retail.Cart;
using Retail.Catalog;
using Retail.Contracts;
using Retail.Inventory;
using Retail.Orders;
using Retail.Payments;
using Retail.Sandbox;
using Retail.Shop;
using Slipway.Identity;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Service;
using Slipway.Web.Tests.Product;
using Slipway.Web.Tests.Shop;

[assembly: AssemblyFixture(typeof(RunningShop))]

namespace Slipway.Web.Tests.Shop;

/// <summary>
/// The shop as people meet it: all its services in this process, each with a real database, behind one front door, and the events between
/// them. Its shelves are those it opens with. Started by the first test that needs it.
/// </summary>
public sealed class RunningShop : IAsyncLifetime, IHome
{
    private static readonly string[] s_public = ["products:catalog", "inventory:inventory", "orders:orders", "payments:payments", "cart:cart"];

    /// <summary>A thousand events travel before the doors open; on a busy machine that takes its time.</summary>
    private static readonly TimeSpan s_opening = TimeSpan.FromMinutes(3);

    private readonly TestPostgres _postgres = new();
    private readonly SemaphoreSlim _starting = new(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-shop-").FullName;
    private readonly List<RunningService> _services = [];
    private readonly Dictionary<string, TestDatabase> _databases = [];
    private readonly string _providerKey = NewKey();
    private readonly string _webhookSecret = NewKey();
    private FrontDoor? _door;
    private EventBus? _bus;
    private TestDatabase? _accounts;
    private bool _open;
    private int _people;

    MailFolder IHome.Mails => new(Path.Combine(_folder, "mail"));

    Uri IHome.Identity => _door!.UrlOf("identity");

    TestDatabase IHome.Accounts => _accounts!;

    internal Uri Address => _door!.UrlOf("shop");

    /// <summary>Programs that call the page's host, past the front door.</summary>
    internal HttpClient Host => _services[^1].Client;

    /// <summary>Events that a service did not take at once.</summary>
    internal IEnumerable<string> Refusals => _bus!.Refusals;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    string IHome.NewEmail(string name) => $"{name}.{Interlocked.Increment(ref _people)}@shoppers.example";

    Task IHome.EnsureStartedAsync() => EnsureStartedAsync();

    internal async Task EnsureStartedAsync()
    {
        await _starting.WaitAsync();
        try
        {
            if (!_open)
            {
                await StartAsync();
                _open = true;
            }
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>What an operator does for somebody who is to sell here.</summary>
    internal Task MakeVendorAsync(string email) =>
        _accounts!.ExecuteAsync($"update users set role = 'vendor', security_version = security_version + 1 where email = '{email}'");

    public async ValueTask DisposeAsync()
    {
        // Those who come last lean on those before them; what streams to a page ends with the drain.
        for (var at = _services.Count - 1; at >= 0; at--)
        {
            await _services[at].DisposeAsync();
        }

        if (_bus is not null)
        {
            await _bus.DisposeAsync();
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
        _bus = await EventBus.OpenAsync();
        _door = await FrontDoor.OpenAsync();
        foreach (var names in s_public)
        {
            var (name, service) = (names.Split(':')[0], names.Split(':')[1]);
            _door.LeadPath("shop", $"/api/v1/{name}", service, $"/api/v1/{name}");
            _door.LeadPath("shop", $"/store/{name}", service, $"/api/v1/{name}");
        }

        _accounts = await _postgres.DatabaseAsync();
        await StartAsync("identity", IdentityService.Create, IdentityService.Map, _accounts, new()
        {
            ["MAIL_SPOOL"] = Path.Combine(_folder, "mail"),
            ["IDENTITY_MASTER_KEY"] = NewKey(),
            ["SESSION_KEY"] = NewKey(),
            ["BCRYPT_ROUNDS"] = "4",
        });
        var stock = await StartAsync("inventory", InventoryService.Create, InventoryService.Map);
        var orders = await StartAsync("orders", OrdersService.Create, OrdersService.Map);
        var bank = new Dictionary<string, string?> { ["PROVIDER_KEY"] = _providerKey, ["WEBHOOK_SECRET"] = _webhookSecret };
        await StartAsync("payment-sandbox", SandboxService.Create, SandboxService.Map, await _postgres.DatabaseAsync(), bank);
        var payments = await StartAsync("payments", PaymentsService.Create, PaymentsService.Map, await _postgres.DatabaseAsync(), bank);
        var cart = await StartAsync("cart", CartService.Create, CartService.Map);
        var goods = await _postgres.DatabaseAsync();
        var catalog = await StartAsync("catalog", CatalogService.Create, CatalogService.Map, goods, []);
        await StartAsync("shop", ShopService.Create, ShopService.Map, await _postgres.DatabaseAsync(), new() { ["SESSION_KEY"] = NewKey() });

        _bus.Subscribe(Topics.Products, stock.Address, "products");
        _bus.Subscribe(Topics.Products, orders.Address, "products");
        _bus.Subscribe(Topics.Products, cart.Address, "products");
        _bus.Subscribe(Topics.Inventory, catalog.Address, "catalog");
        _bus.Subscribe(Topics.Inventory, orders.Address, "inventory");
        _bus.Subscribe(Topics.Inventory, cart.Address, "inventory");
        _bus.Subscribe(Topics.Orders, stock.Address, "orders");
        _bus.Subscribe(Topics.Orders, payments.Address, "orders");
        _bus.Subscribe(Topics.Payments, orders.Address, "payments");
        _bus.Subscribe(Topics.Users, orders.Address, "users");

        // Goods first: stock hears of them by events, and so do orders and carts.
        await SeedAsync(CatalogService.Create, CatalogService.Map, goods);
        await SeedAsync(InventoryService.Create, InventoryService.Map, _databases["inventory"]);
        await Eventually.TrueAsync(ShelvesAreFullAsync, "a shop that knows its prices and its stock", s_opening);
    }

    private async Task<bool> ShelvesAreFullAsync()
    {
        var goods = await _databases["catalog"].TextAsync("select count(*) from products where in_stock");
        var priced = await _databases["orders"].TextAsync("select count(*) from priced_products");
        var sold = await _databases["catalog"].TextAsync("select count(*) from products where active and deleted_at is null");
        return goods != "0" && priced == sold;
    }

    private async Task<RunningService> StartAsync(string name, Func<string[], Action<SlipwayServiceOptions>?, SlipwayService> create, Action<WebApplication> map) =>
        await StartAsync(name, create, map, await _postgres.DatabaseAsync(), []);

    private async Task<RunningService> StartAsync(
        string name,
        Func<string[], Action<SlipwayServiceOptions>?, SlipwayService> create,
        Action<WebApplication> map,
        TestDatabase database,
        Dictionary<string, string?> own)
    {
        var service = await RunningService.StartAsync(create, map, Environment(database, own));
        _databases[name] = database;
        _services.Add(service);
        _door!.Lead(name, service.Address);
        return service;
    }

    private async Task SeedAsync(Func<string[], Action<SlipwayServiceOptions>?, SlipwayService> create, Action<WebApplication> map, TestDatabase database)
    {
        var settings = Environment(database, []).SelectMany(setting => new[] { "--set", $"{setting.Key}={setting.Value}" });
        var ended = await create([.. settings, "seed"], options =>
        {
            options.Environment = _ => null;
            options.Output = () => Stream.Null;
        }).RunAsync(map);
        Assert.Equal(0, ended);
    }

    private Dictionary<string, string?> Environment(TestDatabase database, Dictionary<string, string?> own)
    {
        var all = new Dictionary<string, string?>(database.Environment)
        {
            ["SLIPWAY_GATEWAY"] = $"http://127.0.0.1:{_door!.Port}",
            ["SLIPWAY_PUBLIC_URL"] = $"http://{{service}}.localhost:{_door.Port}",
            ["SLIPWAY_EVENTS"] = _bus!.Url,

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
