using System.Text;
using System.Text.Json;
using Slipway.Sdk.Hosting.Conformance;

namespace Slipway.RetailOrders.Tests.Scenes;

/// <summary>Somebody at the shop, with or without an account.</summary>
public sealed class Buyer(Guid id, HttpClient client)
{
    private const string Orders = "/api/v1/orders";

    public Guid Id => id;

    public HttpClient Client => client;

    public static string Body(int quantity = 1, string more = "", string item = "\"sku\":\"LAMP-1\"") =>
        $$"""
        {"items":[{ {{item}},"quantity":{{quantity}} }],
         "shippingAddress":{"name":"Ann Buyer","street":"Secret Street 7","city":"Berlin","postalCode":"10115","country":"DE"},
         "email":"ann@example.test","paymentToken":"tok_success"{{more}}}
        """;

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync("GET", path, null, headers);

    public Task<Answer> PostAsync(string path, string? body = null, params (string Name, string Value)[] headers) => SendAsync("POST", path, body, headers);

    public Task<Answer> OrderAsync(string body, string? key = null) => PostAsync(Orders, body, ("Idempotency-Key", key ?? Guid.NewGuid().ToString()));

    public async Task<JsonElement> OrderedAsync(int quantity = 1) => Expect(await OrderAsync(Body(quantity)), 201);

    public async Task<Guid> OrderIdAsync(int quantity = 1) => (await OrderedAsync(quantity)).GetProperty("id").GetGuid();

    public async Task<JsonElement> ReadAsync(Guid order, string query = "") => Expect(await GetAsync($"{Orders}/{order}{query}"), 200);

    public async Task<string> StatusAsync(Guid order) => (await ReadAsync(order)).GetProperty("status").GetString()!;

    public async Task<Answer> SendAsync(string method, string path, string? body, params (string Name, string Value)[] headers)
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
}
