using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Retail.Contracts;
using Retail.Inventory;
using Slipway.RetailInventory.Tests.Scenes;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;

[assembly: AssemblyFixture(typeof(TestPostgres))]
[assembly: AssemblyFixture(typeof(Identity))]
[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]

namespace Slipway.RetailInventory.Tests.Scenes;

/// <summary>Signs tokens for the whole assembly.</summary>
public sealed class Identity : IAsyncLifetime
{
    public TestIssuer Issuer { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Issuer = await TestIssuer.StartAsync();

    public ValueTask DisposeAsync() => Issuer.DisposeAsync();
}

/// <summary>The service with a database of its own and a broker beside it that keeps what it is sent; one per test class.</summary>
public sealed class StockScene(TestPostgres postgres, Identity identity) : IAsyncLifetime
{
    public static readonly string[] AllScopes = ["retail.inventory:read", "retail.inventory:write"];

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<JsonElement> _told = new();
    private Neighbour? _broker;
    private int _names;

    public TestDatabase Database { get; private set; } = null!;

    public RunningService Service { get; private set; } = null!;

    public HttpClient Admin { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await postgres.DatabaseAsync();
        _broker = await Neighbour.StartAsync(TakeAsync);
        Service = await (await StartAsync()).UntilReadyAsync();
        Admin = Client("admin");
    }

    /// <summary>Another instance on the same database.</summary>
    public Task<RunningService> StartAsync(params (string Name, string Value)[] settings)
    {
        var environment = Database.Environment.Concat(identity.Issuer.Environment).ToDictionary();
        environment["LIMITS"] = "off";
        environment["SLIPWAY_EVENTS"] = new Uri(_broker!.Address, "default").ToString();
        environment["EXPIRY_SECONDS"] = "3600";
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        return RunningService.StartAsync(InventoryService.Create, InventoryService.Map, environment);
    }

    public HttpClient Client(string role, Guid? userId = null, RunningService? service = null, params string[] scopes)
    {
        var client = (service ?? Service).NewClient();
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", identity.Issuer.Token("retail", userId, scopes.Length == 0 ? AllScopes : scopes, [role]));
        return client;
    }

    public string NewSku() => string.Create(CultureInfo.InvariantCulture, $"SKU-{Interlocked.Increment(ref _names)}");

    /// <summary>A new SKU, told of by the catalogue, with so many pieces at one place.</summary>
    public async Task<string> StockedAsync(int quantity, int threshold = 5, Guid? vendor = null)
    {
        var sku = NewSku();
        await ProductAsync(Guid.CreateVersion7(), 1, vendor ?? Guid.CreateVersion7(), sku);
        Expect(await SendAsync(Admin, "POST", "/api/v1/inventory", $$"""{"sku":"{{sku}}","quantity":{{quantity}},"reorderThreshold":{{threshold}}}"""), 201);
        return sku;
    }

    public Task ProductAsync(Guid id, long version, Guid vendor, params string[] skus) => TellAsync(
        "products", EventTypes.ProductUpdated, ContractsJson.Default.ProductChanged, new ProductChanged
        {
            ProductId = id, Version = version, Name = "Thing", Category = "things", VendorId = vendor, Active = true,
            Variants = [.. skus.Select(sku => new ProductVariant(sku, null, 1000, "EUR"))],
        });

    public Task OrderedAsync(Guid order, params (string Sku, int Quantity)[] lines) => TellAsync(
        "orders", EventTypes.OrderCreated, ContractsJson.Default.OrderCreated,
        new OrderCreated(order, "R-1", null, [.. lines.Select(line => new OrderLine(line.Sku, Guid.Empty, Guid.Empty, "Thing", 1000, line.Quantity))], 1000, "EUR"));

    public Task ConfirmedAsync(Guid order) =>
        TellAsync("orders", EventTypes.OrderConfirmed, ContractsJson.Default.OrderConfirmed, new OrderConfirmed(order, 1000, "EUR"));

    public Task CancelledAsync(Guid order) =>
        TellAsync("orders", EventTypes.OrderCancelled, ContractsJson.Default.OrderCancelled, new OrderCancelled(order, "buyer", []));

    public Task ReturnedAsync(Guid order, Guid id, string sku, int quantity) => TellAsync(
        "orders", EventTypes.OrderReturnRequested, ContractsJson.Default.OrderReturnRequested,
        new OrderReturnRequested(order, id, [new OrderedPiece(sku, quantity)], 1000, "EUR", true));

    /// <summary>Hands over an event as the broker does; the same id means the same event.</summary>
    public async Task TellAsync<T>(string consumer, string type, JsonTypeInfo<T> shape, T data, string? id = null, HttpClient? client = null, int status = 204)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/events/" + consumer) { Content = new StringContent(JsonSerializer.Serialize(data, shape), Encoding.UTF8, "application/json") };
        request.Headers.Add("ce-id", id ?? Guid.CreateVersion7().ToString());
        request.Headers.Add("ce-source", "/test");
        request.Headers.Add("ce-type", type);
        request.Headers.Add("ce-specversion", "1.0");
        Expect(await Answer.OfAsync(client ?? Service.Client, request), status);
    }

    /// <summary>The first event of that type with that subject after so many others of the kind, as soon as it was sent.</summary>
    public async Task<JsonElement> ToldAsync(string type, string subject, int skip = 0)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (true)
        {
            if (Told(type, subject).Skip(skip).FirstOrDefault() is { ValueKind: JsonValueKind.Object } found)
            {
                return found.GetProperty("data");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    public List<JsonElement> Told(string type, string subject) =>
        [.. _told.Where(told => told.GetProperty("type").GetString() == type && told.GetProperty("subject").GetString() == subject)];

    public async Task<JsonElement> StockAsync(string sku) => Expect(await SendAsync(Admin, "GET", "/api/v1/inventory/" + sku), 200);

    /// <summary>Quantity and reserved pieces of a SKU.</summary>
    public async Task<(long Quantity, long Reserved)> SumsAsync(string sku)
    {
        var stock = await StockAsync(sku);
        return (stock.GetProperty("quantity").GetInt64(), stock.GetProperty("reserved").GetInt64());
    }

    public Task<string> StatusAsync(Guid order) => Database.TextAsync($"select status from reservations where order_id = '{order}'");

    public static async Task<Answer> SendAsync(HttpClient client, string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Answer.OfAsync(client, request);
    }

    public static JsonElement Expect(Answer answer, int status)
    {
        Assert.True(answer.Status == status, $"Expected {status}, got {answer.Status}: {answer.Body}");
        return answer.Body.Length == 0 ? default : answer.Json();
    }

    /// <summary>Nothing is below zero, and what is written twice is the same: the ledger, the places and the reservations.</summary>
    public async Task AssertBooksAsync()
    {
        Assert.Equal("0", await Database.TextAsync("select count(*) from inventory where quantity < 0 or reserved < 0 or reserved > quantity"));
        Assert.Equal("0", await Database.TextAsync(
            """
            select count(*) from inventory i join lateral (
                select coalesce(sum(quantity_delta), 0) as quantity, coalesce(sum(reserved_delta), 0) as reserved from movements m
                where m.sku = i.sku and m.warehouse_location = i.warehouse_location) ledger on true
            where i.quantity <> ledger.quantity or i.reserved <> ledger.reserved
            """));
        Assert.Equal("0", await Database.TextAsync(
            """
            select count(*) from inventory i where i.reserved <> (
                select coalesce(sum(l.quantity), 0) from reservation_lines l join reservations r on r.order_id = l.order_id
                where r.status = 'held' and l.sku = i.sku and l.warehouse_location = i.warehouse_location)
            """));
    }

    public async ValueTask DisposeAsync()
    {
        if (Service is not null)
        {
            await Service.DisposeAsync();
        }

        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }
    }

    private async Task TakeAsync(HttpContext http)
    {
        var body = await JsonNode.ParseAsync(http.Request.Body);
        foreach (var told in body is JsonArray batch ? [.. batch] : new[] { body })
        {
            _told.Enqueue(JsonDocument.Parse(told!.ToJsonString()).RootElement);
        }

        http.Response.StatusCode = 202;
    }
}
