using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.EndToEnd.Tests.Harness;

namespace Slipway.EndToEnd.Tests.Scenes;

/// <summary>The shop's part: an order goes its way over five services and the bus, whatever is killed meanwhile.</summary>
public sealed partial class AppScenes
{
    private const int Buyers = 12;

    private static async Task ShopAsync(Cloud cloud)
    {
        Assert.Contains("<script type=\"module\"", await GetAsync(cloud, "shop", "/"), StringComparison.Ordinal);
        var sku = await Eventually.GetAsync(
            async () => await InStockAsync(cloud), found => found is not null, "a product is for sale");

        var bought = await BuyAsync(cloud, sku!, "tok_success");
        await EndsAsync(cloud, bought, "confirmed");
        var declined = await BuyAsync(cloud, sku!, "tok_declined");
        await EndsAsync(cloud, declined, "cancelled", "failed");

        var orders = new List<Bought>();
        for (var buyer = 0; buyer < Buyers; buyer++)
        {
            orders.Add(await BuyAsync(cloud, sku!, "tok_success"));
        }

        ProcessTable.Kill(cloud.ServerProcessId);
        foreach (var order in orders)
        {
            await EndsAsync(cloud, order, "confirmed");
        }

        var topics = (await cloud.SlipwayAsync("events", "topics")).Succeeded().Output;
        Assert.Contains("order-events", topics, StringComparison.Ordinal);
    }

    private sealed record Bought(string Id, string Guest);

    private static async Task<string?> InStockAsync(Cloud cloud)
    {
        var found = JsonNode.Parse(await GetAsync(cloud, "shop", "/store/products/search?q=&inStock=true&pageSize=5"))!;
        var first = found["items"]!.AsArray().FirstOrDefault();
        return (string?)first?["sku"];
    }

    private static async Task<Bought> BuyAsync(Cloud cloud, string sku, string token)
    {
        var order = new JsonObject
        {
            ["items"] = new JsonArray(new JsonObject { ["sku"] = sku, ["quantity"] = 1 }),
            ["shippingAddress"] = new JsonObject { ["name"] = "Ada Example", ["street"] = "Hafenstrasse 1", ["city"] = "Hamburg", ["postalCode"] = "20457", ["country"] = "DE" },
            ["email"] = "ada@example.org",
            ["paymentToken"] = token,
        };
        using var body = new StringContent(order.ToJsonString(), Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, Url(cloud, "shop", "/store/orders")) { Content = body };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        using var answer = await cloud.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, $"{(int)answer.StatusCode} {text}");
        var placed = JsonNode.Parse(text)!;
        return new Bought((string)placed["id"]!, (string)placed["guestToken"]!);
    }

    private static async Task EndsAsync(Cloud cloud, Bought order, params string[] statuses) =>
        await Eventually.TrueAsync(
            async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, Url(cloud, "shop", $"/store/orders/{order.Id}"));
                request.Headers.Add("X-Guest-Token", order.Guest);
                try
                {
                    using var answer = await cloud.Http.SendAsync(request);
                    var body = await answer.Content.ReadAsStringAsync();
                    return answer.IsSuccessStatusCode && statuses.Contains((string?)JsonNode.Parse(body)!["status"]);
                }
                catch (HttpRequestException)
                {
                    // The gateway is being started again.
                    return false;
                }
            },
            $"the order becomes {string.Join(" or ", statuses)}");
}
