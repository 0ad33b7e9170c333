using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Retail.Orders;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;

[assembly: AssemblyFixture(typeof(TestPostgres))]
[assembly: AssemblyFixture(typeof(Slipway.RetailOrders.Tests.Scenes.Identity))]
[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]

namespace Slipway.RetailOrders.Tests.Scenes;

/// <summary>Signs tokens for the whole assembly.</summary>
public sealed class Identity : IAsyncLifetime
{
    public TestIssuer Issuer { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Issuer = await TestIssuer.StartAsync();

    public ValueTask DisposeAsync() => Issuer.DisposeAsync();
}

/// <summary>The service with a database of its own, a broker that remembers what it was told, and hands that speak for the other services.</summary>
public class OrdersScene(TestPostgres postgres, Identity identity) : IAsyncLifetime
{
    public static readonly string[] AllScopes = ["retail.orders:read", "retail.orders:write"];

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<JsonElement> _told = new();
    private Neighbour _broker = null!;

    public Guid Vendor { get; } = Guid.CreateVersion7();

    public Guid Product { get; } = Guid.CreateVersion7();

    public TestDatabase Database { get; private set; } = null!;

    public RunningService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await postgres.DatabaseAsync();
        _broker = await Neighbour.StartAsync(async http =>
        {
            using var document = await JsonDocument.ParseAsync(http.Request.Body);
            foreach (var told in document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.EnumerateArray().ToList() : [document.RootElement])
            {
                _told.Enqueue(told.Clone());
            }

            http.Response.StatusCode = 202;
        });
        Service = await (await StartAsync()).UntilReadyAsync();
        await HearAsync("products", "product.created", Product, ProductJson(1));
    }

    /// <summary>Another instance on the same database.</summary>
    public virtual Task<RunningService> StartAsync(params (string Name, string Value)[] settings)
    {
        var environment = Database.Environment.Concat(identity.Issuer.Environment).ToDictionary();
        environment["LIMITS"] = "off";
        environment["CURSOR_KEY"] = Convert.ToBase64String(new byte[32]);
        environment["GUEST_KEY"] = Convert.ToBase64String(new byte[32]);
        environment["SLIPWAY_EVENTS"] = new Uri(_broker.Address, "/default").ToString();
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        return RunningService.StartAsync(OrdersService.Create, OrdersService.Map, environment);
    }

    public string ProductJson(long version, long priceMinor = 1_999, bool active = true) =>
        $$"""
        {"productId":"{{Product}}","version":{{version}},"name":"Lamp","category":"home","vendorId":"{{Vendor}}","active":{{(active ? "true" : "false")}},
         "variants":[{"sku":"LAMP-1","name":"white","priceMinor":{{priceMinor}},"currency":"EUR"},{"sku":"LAMP-2","name":"black","priceMinor":2499,"currency":"EUR"}]}
        """;

    /// <summary>An event from another service; the id can be chosen to send the same one twice.</summary>
    public async Task<Answer> HearAsync(string consumer, string type, Guid subject, string data, string? id = null, RunningService? service = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/events/{consumer}") { Content = new StringContent(data, Encoding.UTF8, "application/json") };
        request.Headers.Add("ce-id", id ?? Guid.CreateVersion7().ToString());
        request.Headers.Add("ce-source", "/tests");
        request.Headers.Add("ce-specversion", "1.0");
        request.Headers.Add("ce-type", $"slipway.retail.{type}.v1");
        request.Headers.Add("ce-subject", subject.ToString());
        var answer = await Answer.OfAsync((service ?? Service).Client, request);
        Assert.True(answer.Status is 204, $"{type}: {answer.Status} {answer.Body} {string.Join((char)10, (service ?? Service).Log.All.Where(line => line.Contains("rror", StringComparison.Ordinal)).TakeLast(3))}");
        return answer;
    }

    public Task ReservedAsync(Guid order) => HearAsync(
        "inventory", "inventory.reserved", order, $$"""{"orderId":"{{order}}","reservationId":"{{Guid.CreateVersion7()}}","lines":[],"expiresAt":"{{DateTimeOffset.MaxValue:yyyy-MM-dd}}T00:00:00Z"}""");

    public Task CommittedAsync(Guid order) => HearAsync("inventory", "inventory.committed", order, $$"""{"orderId":"{{order}}","lines":[]}""");

    public Task ReleasedAsync(Guid order) => HearAsync("inventory", "inventory.released", order, $$"""{"orderId":"{{order}}","reason":"cancelled","lines":[]}""");

    public Task AuthorizedAsync(Guid order) => HearAsync(
        "payments", "payment.authorized", order, $$"""{"orderId":"{{order}}","paymentId":"{{order}}","amountMinor":2489,"currency":"EUR","cardBrand":"visa","last4":"4242"}""");

    public Task CapturedAsync(Guid order, long minor) => HearAsync(
        "payments", "payment.completed", order, $$"""{"orderId":"{{order}}","paymentId":"{{order}}","amountMinor":{{minor}},"currency":"EUR"}""");

    public Task RefundedAsync(Guid order, long minor, long total, Guid? returnId = null) => HearAsync(
        "payments", "payment.refunded", order,
        $$"""{"orderId":"{{order}}","paymentId":"{{order}}","refundId":"{{Guid.CreateVersion7()}}","returnId":{{(returnId is null ? "null" : $"\"{returnId}\"")}},"amountMinor":{{minor}},"currency":"EUR","refundedTotalMinor":{{total}}}""");

    /// <summary>All the way to a confirmed order.</summary>
    public async Task ConfirmAsync(Guid order, long minor)
    {
        await ReservedAsync(order);
        await AuthorizedAsync(order);
        await CapturedAsync(order, minor);
        await CommittedAsync(order);
    }

    /// <summary>The event of this type that was told about the order, once it has arrived.</summary>
    public async Task<JsonElement> ToldAsync(Guid order, string type, int count = 1)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (true)
        {
            var found = Told(order, type);
            if (found.Count >= count)
            {
                return found[count - 1].GetProperty("data");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    public List<JsonElement> Told(Guid order, string type) =>
        [.. _told.Where(told => told.GetProperty("subject").GetString() == order.ToString() && told.GetProperty("type").GetString() == $"slipway.retail.{type}.v1")];

    public Buyer Buyer(RunningService? service = null, Guid? id = null, params string[] roles) => Buyer(AllScopes, service, id, roles);

    public Buyer Buyer(string[] scopes, RunningService? service = null, Guid? id = null, params string[] roles)
    {
        var person = id ?? Guid.CreateVersion7();
        var client = (service ?? Service).NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", identity.Issuer.Token("retail", person, scopes, roles.Length == 0 ? ["customer"] : roles));
        return new Buyer(person, client);
    }

    public Buyer Guest() => new(Guid.Empty, Service.NewClient());

    public TestIssuer Issuer => identity.Issuer;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Service is not null)
        {
            await Service.DisposeAsync();
        }

        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }
    }
}
