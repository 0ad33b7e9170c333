using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Sdk.Outbound;
using Slipway.Sdk.Problems;

namespace Retail.Cart.Checkout;

/// <summary>The service that keeps orders. Every call has a key, so it may be repeated when its answer is lost.</summary>
internal sealed class OrdersService(ServiceCalls calls)
{
    /// <summary>The order as it was answered, or why there is none. That nobody can be reached is thrown.</summary>
    public async Task<Outcome<JsonElement>> PlaceAsync(string body, string key, string? authorization, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using var answer = await calls.Client("orders", calls.Usual with { BytesMax = 1024 * 1024 }).SendAsync(request, cancellation);
        var status = (int)answer.StatusCode;
        var told = Parse(await answer.Content.ReadAsByteArrayAsync(cancellation));
        if (status == 201 && told is { ValueKind: JsonValueKind.Object } order && order.TryGetProperty("id", out _))
        {
            return order;
        }

        if (status is >= 400 and < 500 && told is { ValueKind: JsonValueKind.Object } refusal)
        {
            return Refusal(status, refusal, answer.Headers.RetryAfter?.Delta);
        }

        throw new ProblemException(Problem.Unavailable("ordersUnavailable", "Orders cannot be placed at the moment; the cart is as it was.", TimeSpan.FromSeconds(2)));
    }

    /// <summary>The refusal in the words of the service that refused.</summary>
    private static Problem Refusal(int status, JsonElement told, TimeSpan? retryAfter) => new(
        status, Text(told, "code") ?? "orderRefused", Text(told, "title") ?? "The order was refused", Text(told, "detail") ?? "The order was refused.")
    {
        Args = told.TryGetProperty("args", out var args) && args.ValueKind == JsonValueKind.Object ? JsonNode.Parse(args.GetRawText())!.AsObject() : null,
        Errors = told.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array ? [.. errors.EnumerateArray().Select(Finding)] : [],
        RetryAfter = retryAfter,
    };

    private static Finding Finding(JsonElement error) => new(Text(error, "code") ?? "invalid", Text(error, "detail") ?? "Not valid.")
    {
        Pointer = Text(error, "pointer"),
        Header = Text(error, "header"),
        Parameter = Text(error, "parameter"),
    };

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonElement? Parse(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
