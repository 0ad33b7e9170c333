using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Payments.Operations;
using Retail.Payments.Provider;
using Retail.Payments.Webhooks;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Problems;

namespace Retail.Payments.Endpoints;

/// <summary>
/// The provider says that something happened. What it says is only a hint: the provider is asked what is true now, so words that
/// come twice, late or in the wrong order do no harm.
/// </summary>
internal static class ReceiveWebhook
{
    private const int BytesMax = 262_144;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/payments/webhook", HandleAsync).WithName("receiveWebhook").WithSummary("The payment provider's messages.")
            .OpenToAll("The provider proves itself by its signature.").Limited("webhook").Produces<WebhookDocument>(200);

    private static async Task<IResult> HandleAsync(
        HttpContext http, [FromServices] WebhookSignature signature, [FromServices] Database database, [FromServices] TimeProvider time, CancellationToken cancellation)
    {
        if (http.Request.ContentLength > BytesMax)
        {
            return new Problem(413, "tooLarge", "The body is too large", $"A webhook may have at most {BytesMax} bytes.").ToResult();
        }

        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, cancellation);
        var bytes = body.GetBuffer().AsMemory(0, (int)Math.Min(body.Length, BytesMax));
        var now = time.GetUtcNow();
        if (signature.Mistake(http.Request.Headers[WebhookSignature.HeaderName], bytes.Span, now) is { } mistake)
        {
            return Problem.Unauthenticated(mistake).ToResult();
        }

        if (Read(bytes) is not { } told)
        {
            return Problem.Unreadable("The body is no event of the provider.").ToResult();
        }

        var isNew = await database.WriteAsync(
            async (transaction, token) =>
            {
                if (await transaction.Command("insert into webhook_events (id, type, received_at) values ($1, $2, $3) on conflict do nothing", told.Id, told.Type, now).ExecuteAsync(token) == 0)
                {
                    return false;
                }

                var payment = await transaction.Command(
                    "select id from payments where provider_reference = $1 or ($2::uuid is not null and order_id = $2)", told.Reference, told.OrderId).OneAsync(row => row.OrNull<Guid>(0), token);
                if (payment is { } id)
                {
                    await OperationRows.AddAsync(transaction, id, OperationKind.Look, $"look:{told.Id}", 0, null, told.Reference, now, token);
                }

                return true;
            },
            cancellation);
        return Results.Json(new WebhookDocument(true, !isNew), PaymentsJson.Default.WebhookDocument);
    }

    private static Told? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var subject = StripeDocuments.Member(StripeDocuments.Member(document.RootElement, "data"), "object");
            var (id, type) = (StripeDocuments.Text(document.RootElement, "id"), StripeDocuments.Text(document.RootElement, "type"));
            return id is { Length: > 0 and <= 200 } && type is { Length: > 0 and <= 200 }
                ? new Told(
                    id,
                    type,
                    StripeDocuments.Text(subject, "payment_intent") ?? StripeDocuments.Text(subject, "id") ?? "",
                    Guid.TryParse(StripeDocuments.Text(StripeDocuments.Member(subject, "metadata"), "order_id"), out var order) ? order : null)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Told(string Id, string Type, string Reference, Guid? OrderId);
}
