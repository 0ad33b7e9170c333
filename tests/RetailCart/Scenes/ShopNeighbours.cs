using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Hosting;

namespace Slipway.RetailCart.Tests.Scenes;

/// <summary>How the orders service behaves at the moment.</summary>
public enum OrdersMood
{
    Taking,
    Refusing,
    Down,

    /// <summary>Takes the order and loses the answer.</summary>
    TakingSilently,
}

/// <summary>The catalogue and the orders service, as the cart meets them: real servers that keep what they were told.</summary>
public sealed class ShopNeighbours : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, (string Body, JsonObject Order)> _orders = new();
    private Neighbour _catalog = null!;
    private Neighbour _service = null!;

    public Uri Catalog => _catalog.Address;

    public Uri Orders => _service.Address;

    public OrdersMood Mood { get; set; }

    /// <summary>What the catalogue has, by what it is asked for.</summary>
    public ConcurrentDictionary<string, string> Products { get; } = new();

    /// <summary>Runs while an order is being placed.</summary>
    public Func<Task>? Meanwhile { get; set; }

    public string? LastAuthorization { get; private set; }

    /// <summary>The orders of a cart, as they were asked for.</summary>
    public List<JsonObject> Of(string cart) =>
        [.. _orders.Values.Select(order => JsonNode.Parse(order.Body)!.AsObject()).Where(body => (string?)body["cartId"] == cart)];

    public static async Task<ShopNeighbours> StartAsync()
    {
        var shop = new ShopNeighbours();
        shop._catalog = await Neighbour.StartAsync(shop.ShowAsync);
        shop._service = await Neighbour.StartAsync(shop.OrderAsync);
        return shop;
    }

    public async ValueTask DisposeAsync()
    {
        await _catalog.DisposeAsync();
        await _service.DisposeAsync();
    }

    private async Task ShowAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        var asked = path[(path.LastIndexOf('/') + 1)..];
        if (path == (Guid.TryParse(asked, out _) ? "/api/v1/products/" : "/api/v1/products/sku/") + asked && Products.TryGetValue(asked, out var product))
        {
            await http.Response.WriteAsync(product);
            return;
        }

        http.Response.StatusCode = 404;
    }

    private async Task OrderAsync(HttpContext http)
    {
        LastAuthorization = http.Request.Headers.Authorization;
        using var reader = new StreamReader(http.Request.Body);
        var (key, body) = (http.Request.Headers["Idempotency-Key"].ToString(), await reader.ReadToEndAsync());
        if (Mood == OrdersMood.Down || key.Length == 0)
        {
            http.Response.StatusCode = 503;
            return;
        }

        if (Mood == OrdersMood.Refusing)
        {
            http.Response.StatusCode = 409;
            await http.Response.WriteAsync("""{"code":"priceChanged","title":"Another price","detail":"It costs 12.00 now.","errors":[{"pointer":"/items/0/expectedPrice","code":"priceChanged","detail":"12.00"}]}""");
            return;
        }

        var order = _orders.GetOrAdd(key, _ => (body, Make(JsonNode.Parse(body)!.AsObject())));
        if (Meanwhile is { } meanwhile)
        {
            await meanwhile();
        }

        if (Mood == OrdersMood.TakingSilently)
        {
            http.Abort();
            return;
        }

        http.Response.StatusCode = order.Body == body ? 201 : 422;
        await http.Response.WriteAsync(order.Body == body ? order.Order.ToJsonString() : """{"code":"idempotencyKeyReused","title":"t","detail":"d"}""");
    }

    private static JsonObject Make(JsonObject body)
    {
        var total = body["items"]!.AsArray().Sum(item => (decimal)item!["expectedPrice"]! * (int)item["quantity"]!);
        return new JsonObject
        {
            ["id"] = Guid.CreateVersion7().ToString(),
            ["orderNumber"] = "R-1",
            ["status"] = "pending",
            ["items"] = new JsonArray([.. body["items"]!.AsArray().Select(item => (JsonNode)new JsonObject
            {
                ["sku"] = (string)item!["sku"]!, ["name"] = "Thing", ["unitPrice"] = (decimal)item["expectedPrice"]!, ["quantity"] = (int)item["quantity"]!,
            })]),
            ["total"] = total,
            ["currency"] = "EUR",
            ["created_at"] = "2026-01-15T09:30:00.000Z",
            ["guestToken"] = "guest-secret",
        };
    }
}
