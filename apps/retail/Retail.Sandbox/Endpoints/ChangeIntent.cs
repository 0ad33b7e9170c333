using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Sandbox.Bank;
using Retail.Sandbox.Webhooks;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Problems;

namespace Retail.Sandbox.Endpoints;

/// <summary>Takes the money that is held, or lets it go.</summary>
internal static class ChangeIntent
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/payment_intents/{id}/capture", CaptureAsync).WithName("capturePaymentIntent").WithSummary("Takes the money that is held.").OpenToAll(ShopKey.Why).Produces(200);
        app.MapPost("/v1/payment_intents/{id}/cancel", CancelAsync).WithName("cancelPaymentIntent").WithSummary("Lets the money go.").OpenToAll(ShopKey.Why).Produces(200);
    }

    private static Task<IResult> CaptureAsync(
        string id, HttpContext http, [FromServices] ShopKey key, [FromServices] OnlyOnce once, [FromServices] WebhookQueue queue,
        [FromServices] BankDocuments documents, CancellationToken cancellation) =>
        ChangeAsync(id, http, key, once, queue, documents, (intent, form) => IntentRules.Capture(intent, form.Amount("amount_to_capture")), cancellation);

    private static Task<IResult> CancelAsync(
        string id, HttpContext http, [FromServices] ShopKey key, [FromServices] OnlyOnce once, [FromServices] WebhookQueue queue,
        [FromServices] BankDocuments documents, CancellationToken cancellation) =>
        ChangeAsync(id, http, key, once, queue, documents, (intent, _) => IntentRules.Cancel(intent), cancellation);

    private static async Task<IResult> ChangeAsync(
        string id, HttpContext http, ShopKey key, OnlyOnce once, WebhookQueue queue, BankDocuments documents,
        Func<Intent, IFormCollection, (Intent? Next, Refusal? Refusal)> change, CancellationToken cancellation)
    {
        if (key.Refuse(http) is { } refused)
        {
            return refused;
        }

        if (!(await FormReading.ReadAsync(http.Request, cancellation)).Is(out var form, out var problem))
        {
            return problem.ToResult();
        }

        var reply = await once.RunAsync(http, form, async (transaction, token) =>
        {
            if (await IntentRows.LockAsync(transaction, id, token) is not { } intent)
            {
                return BankReply.Of(Refusal.Missing("payment_intent"));
            }

            var (next, refusal) = change(intent, form);
            if (next is null)
            {
                return BankReply.Of(refusal!, documents.Of(intent));
            }

            await IntentRows.UpdateAsync(transaction, next, token);
            await queue.TellAsync(transaction, next, token);
            return BankReply.Of(documents.Of(next));
        }, cancellation);
        return reply.ToResult();
    }
}
