using System.Text;
using System.Text.Json;
using Slipway.Sdk.Hosting.Conformance;

namespace Slipway.RetailCart.Tests.Scenes;

/// <summary>Somebody with a cart, and what they ask of the service.</summary>
public sealed class Shopper(string id, HttpClient client)
{
    public string Id => id;

    public HttpClient Client => client;

    public string Cart => "/api/v1/cart/" + id;

    public Task<Answer> AddAsync(string product, int quantity = 1, string more = "", params (string Name, string Value)[] headers) =>
        SendAsync("POST", "/api/v1/cart/items", $$"""{"customer_id":"{{id}}","product_id":"{{product}}","quantity":{{quantity}}{{more}}}""", headers);

    public async Task<JsonElement> CartAsync() => Expect(await SendAsync("GET", Cart), 200);

    public Task<Answer> SetAsync(string product, int quantity, params (string Name, string Value)[] headers) =>
        SendAsync("PUT", $"{Cart}/items/{product}", $$"""{"quantity":{{quantity}}}""", headers);

    public Task<Answer> CheckOutAsync(string? key = null, string token = "tok_success", string email = "ann@example.test") => SendAsync(
        "POST", "/api/v1/cart/checkout",
        $$"""
        {"customer_id":"{{id}}","shipping_address":{"name":"Ann","street":"Way 1","city":"Berlin","postal_code":"10115","country":"DE"},
         "email":"{{email}}","payment":{"method":"card","token":"{{token}}"} }
        """,
        key is null ? [] : [("Idempotency-Key", key)]);

    public async Task<Answer> SendAsync(string method, string path, string? body = null, params (string Name, string Value)[] headers)
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
