using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Retail.Inventory;
using Retail.Orders;
using Retail.Payments;
using Retail.Sandbox;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Service;

namespace Slipway.Simulation.Tests.Shop;

/// <summary>Orders, inventory, payments and the bank: the real services on real databases in one process, with the bus between them.</summary>
public sealed class ShopWorld : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(300);

    private readonly TestPostgres _postgres = new();
    private readonly ConcurrentDictionary<string, RunningService> _running = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TestDatabase> _databases = new(StringComparer.Ordinal);
    private TestIssuer _issuer = null!;

    /// <summary>Those that may be stopped at any time.</summary>
    public static IReadOnlyList<string> Mortals { get; } = ["orders", "inventory", "payments"];

    internal ShopBus Bus { get; private set; } = null!;

    public TestDatabase Database(string service) => _databases[service];

    /// <summary>Whoever calls a service that is away hears that nobody is there.</summary>
    public HttpClient Client(string service) => _running.TryGetValue(service, out var running) ? running.Client : throw new HttpRequestException($"{service} is not there.");

    public async ValueTask InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync();
        Bus = await ShopBus.StartAsync(1, Client);
        foreach (var service in Mortals.Prepend("payment-sandbox"))
        {
            _databases[service] = await _postgres.DatabaseAsync();
            await StartAsync(service);
        }
    }

    /// <summary>As a crash looks to the database: every transaction under way is gone, and so are the connections.</summary>
    public Task CutConnectionsAsync(string service) =>
        _databases[service].ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");

    public async Task RestartAsync(string service)
    {
        if (_running.TryRemove(service, out var old))
        {
            await CutConnectionsAsync(service);
            await old.DisposeAsync();
            await StartAsync(service);
        }
    }

    /// <summary>A product that nobody has seen, and so many pieces of it.</summary>
    public async Task<string> StockAsync(int pieces, long priceMinor)
    {
        var product = Guid.CreateVersion7();
        var sku = "SIM-" + product.ToString("N")[20..].ToUpperInvariant();
        var told = $$"""
            {"productId":"{{product}}","version":1,"name":"Lamp","category":"home","vendorId":"{{product}}","active":true,
             "variants":[{"sku":"{{sku}}","priceMinor":{{priceMinor}},"currency":"EUR"}]}
            """;
        foreach (var service in (string[])["orders", "inventory"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/events/products") { Content = Json(told) };
            request.Headers.TryAddWithoutValidation("ce-id", product.ToString());
            request.Headers.TryAddWithoutValidation("ce-source", "/retail/products");
            request.Headers.TryAddWithoutValidation("ce-type", "slipway.retail.product.created.v1");
            (await Client(service).SendAsync(request)).EnsureSuccessStatusCode();
        }

        using var stock = new HttpRequestMessage(HttpMethod.Post, "/api/v1/inventory") { Content = Json($$"""{"sku":"{{sku}}","quantity":{{pieces}},"warehouse_location":"MAIN"}""") };
        stock.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _issuer.Token("retail", null, ["retail.inventory:write"], ["admin"]));
        using var answer = await Client("inventory").SendAsync(stock);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return sku;
    }

    /// <summary>A guest orders one piece and insists, with one key, until there is an answer.</summary>
    public async Task<(Guid Order, string Token)> BuyAsync(string sku, string paymentToken, CancellationToken cancellation)
    {
        var body = $$"""
            {"items":[{"sku":"{{sku}}","quantity":1}],"shippingAddress":{"name":"A","street":"B","city":"C","postalCode":"1","country":"DE"},
             "email":"a@example.test","paymentToken":"{{paymentToken}}"}
            """;
        var (_, text) = await InsistAsync("/api/v1/orders", body, null, cancellation);
        using var order = JsonDocument.Parse(text);
        return (order.RootElement.GetProperty("id").GetGuid(), order.RootElement.GetProperty("guestToken").GetString()!);
    }

    /// <summary>Repeats a call to orders, with one key, until somebody decides about it.</summary>
    public async Task<(int Status, string Body)> InsistAsync(string path, string body, string? guestToken, CancellationToken cancellation)
    {
        var key = Guid.NewGuid().ToString();
        while (true)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Json(body) };
                request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
                if (guestToken is not null)
                {
                    request.Headers.TryAddWithoutValidation("X-Guest-Token", guestToken);
                }

                using var answer = await Client("orders").SendAsync(request, cancellation);
                var text = await answer.Content.ReadAsStringAsync(cancellation);
                if ((int)answer.StatusCode is < 429 and not 409 || text.Contains("notReturnable", StringComparison.Ordinal))
                {
                    Assert.True((int)answer.StatusCode is < 400 or 409, $"{(int)answer.StatusCode} {text}");
                    return ((int)answer.StatusCode, text);
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or ObjectDisposedException or InvalidOperationException or IOException
                || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                // The service went away under the call; the same key asks again.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, cancellation);
        }
    }

    /// <summary>Until every purchase has ended and nobody has anything more to tell.</summary>
    public async Task RestAsync()
    {
        using var limit = new CancellationTokenSource(s_patience);
        for (var quiet = 0; quiet < 3;)
        {
            var open = long.Parse(await Database("orders").TextAsync("select count(*) from sagas where ended_at is null"), System.Globalization.CultureInfo.InvariantCulture);
            var untold = 0L;
            foreach (var service in Mortals)
            {
                untold += long.Parse(await Database(service).TextAsync("select count(*) from slipway.outbox"), System.Globalization.CultureInfo.InvariantCulture);
            }

            var asking = await Database("payments").TextAsync("select count(*) from operations where state = 'open'");
            quiet = open == 0 && untold == 0 && Bus.Waiting == 0 && asking == "0" ? quiet + 1 : 0;
            Assert.False(limit.IsCancellationRequested, $"{open} purchases open, {untold} events untold, {Bus.Waiting} undelivered, {asking} questions to the bank; {await StuckAsync()}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Bus.DisposeAsync();
        foreach (var running in _running.Values)
        {
            await running.DisposeAsync();
        }

        await _issuer.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private Task<string> StuckAsync() => Database("orders").TextAsync(
        "select string_agg(phase || ' ' || (state->>'stock') || '/' || (state->>'money'), ', ') from (select phase, state from sagas where ended_at is null limit 5) s");

    private async Task StartAsync(string service)
    {
        var (create, map) = Program(service);
        _running[service] = await (await RunningService.StartAsync(create, map, Environment(service))).UntilReadyAsync();
    }

    private static (Func<string[], Action<SlipwayServiceOptions>?, SlipwayService> Create, Action<WebApplication> Map) Program(string service) => service switch
    {
        "orders" => (OrdersService.Create, OrdersService.Map),
        "inventory" => (InventoryService.Create, InventoryService.Map),
        "payments" => (PaymentsService.Create, PaymentsService.Map),
        _ => (SandboxService.Create, SandboxService.Map),
    };

    private Dictionary<string, string?> Environment(string service)
    {
        var environment = _databases[service].Environment.Concat(_issuer.Environment).ToDictionary();
        var key = Convert.ToBase64String(new byte[32]);
        foreach (var name in (string[])["CURSOR_KEY", "GUEST_KEY", "WEBHOOK_SECRET"])
        {
            environment[name] = key;
        }

        environment["LIMITS"] = "off";

        // The bus loses nothing, so a slow machine is the only thing that could take a step too long.
        environment["SAGA_STEP_SECONDS"] = "300";
        environment["LOG_LEVEL"] = "error";
        environment["BREAKER"] = "off";
        environment["SLIPWAY_EVENTS"] = Bus.Address.ToString();
        environment["PROVIDER_KEY"] = "bank-key-of-the-story-01";
        environment["PROVIDER_RETRY_MS"] = "100";
        environment["SWEEP_MS"] = "200";
        environment["CALL_BREAKER_RESET_MS"] = "500";
        if (service == "payments")
        {
            environment["PROVIDER_URL"] = _running["payment-sandbox"].Address.GetLeftPart(UriPartial.Authority);
        }
        else if (service == "payment-sandbox")
        {
            // The bank's answers say all; what it would tell later is of no use here.
            environment["PAYMENTS_URL"] = "http://127.0.0.1:9";
        }

        return environment;
    }
}
