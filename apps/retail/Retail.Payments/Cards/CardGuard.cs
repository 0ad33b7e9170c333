using Microsoft.AspNetCore.Http;
using Retail.Payments.Payments;
using Slipway.Sdk.Problems;

namespace Retail.Payments.Cards;

/// <summary>
/// No endpoint of this service ever sees the number of a card: a request with one in it is refused before anything else reads it,
/// and neither the answer nor a log line repeats it.
/// </summary>
internal sealed class CardGuard(RequestDelegate next, PaymentMetrics metrics)
{
    private const int BytesMax = 1_048_576;

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.Request.QueryString.HasValue && http.Request.Query.Any(parameter => CardScan.Holds(parameter.Key) || parameter.Value.Any(value => value is not null && CardScan.Holds(value))))
        {
            await RefuseAsync(http, new Finding("cardDataRefused", "The query must not contain the number of a card.") { Parameter = "*" });
            return;
        }

        var method = http.Request.Method;
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || http.Request.ContentLength is 0 or > BytesMax)
        {
            await next(http);
            return;
        }

        http.Request.EnableBuffering();
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while (body.Length <= BytesMax && (read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0)
        {
            body.Write(buffer, 0, read);
        }

        if (body.Length <= BytesMax && CardScan.Find(body.GetBuffer().AsSpan(0, (int)body.Length)) is { } pointer)
        {
            await RefuseAsync(http, new Finding("cardDataRefused", "This looks like the number of a card.") { Pointer = pointer });
            return;
        }

        http.Request.Body.Position = 0;
        await next(http);
    }

    private Task RefuseAsync(HttpContext http, Finding finding)
    {
        metrics.CardDataRefused();
        return new Problem(
            422, "cardDataRefused", "Card data is not taken here",
            "Give card data to the payment provider only, and send the token that it answers. What was sent is not kept.")
        {
            Errors = [finding],
        }.ToResult().ExecuteAsync(http);
    }
}
