using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Payments.Cards;
using Retail.Payments.Payments;
using Slipway.Sdk.Auditing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Slipway.Sdk.Retries;

namespace Retail.Payments.Endpoints;

/// <summary>A payment by hand, for admins and services; those of the shop's orders begin with an event.</summary>
internal static class CreatePayment
{
    public static readonly TimeSpan KeepReplies = TimeSpan.FromDays(7);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/payments", HandleAsync).WithName("createPayment").WithSummary("Authorises an amount for an order.").Requires(PaymentAccess.Write)
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.", required: true)
            .Accepts<PaymentBody>("application/json").Produces<PaymentDocument>(201);

    private static async Task<IResult> HandleAsync(
        HttpContext http, [FromServices] Database database, [FromServices] PaymentBook book, [FromServices] PaymentAccess access, [FromServices] TimeProvider time,
        CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, PaymentsJson.Default.PaymentBody, cancellation: cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        if (access.RefuseMoney(http.Caller()) is { } refused)
        {
            await access.NoteAsync(http, "payment.refused", body.OrderId?.ToString() ?? "", cancellation);
            return refused.ToResult();
        }

        var findings = new Findings();
        if (body.OrderId is null)
        {
            findings.Add("/orderId", "required", "orderId is required.");
        }

        var amount = Amounts.Read(findings, "/amount", body.Amount);
        if (body.Currency is not "EUR")
        {
            findings.Add("/currency", body.Currency is null ? "required" : "notOneOf", "currency must be EUR.");
        }

        if (!CardTokens.IsToken(body.CardToken))
        {
            findings.Add("/cardToken", body.CardToken is null ? "required" : "invalid", "cardToken must be a token of POST /payments/tokens or of the payment provider.");
        }

        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        return await Idempotent.RunAsync(
            http,
            database,
            async (transaction, token) =>
            {
                var now = time.GetUtcNow();
                if (await CardTokens.ResolveAsync(transaction, body.CardToken, now, token) is not { } card)
                {
                    return Reply.Of(Problem.Invalid([new Finding("tokenUnusable", "The token is not known or has expired.") { Pointer = "/cardToken" }]));
                }

                var known = await PaymentRows.LockOrderAsync(transaction, body.OrderId!.Value, token);
                if (known is not null)
                {
                    return Reply.Of(Problem.Conflict("paymentExists", "The order has a payment", "There is one payment per order, and this order has one already.") with { Args = new() { ["paymentId"] = known.Id.ToString() } });
                }

                var payment = await book.BeginAsync(
                    transaction,
                    new Payment
                    {
                        Id = Guid.CreateVersion7(now),
                        OrderId = body.OrderId.Value,
                        UserId = body.UserId,
                        Currency = "EUR",
                        CardToken = card.ProviderToken,
                        CardBrand = card.Brand,
                        Last4 = card.Last4,
                        State = new PaymentState { Amount = amount },
                        CreatedAt = now,
                        UpdatedAt = now,
                    },
                    AuditEntry.From(http, "", "payment", ""),
                    token);
                return Reply.Created($"/api/v1/payments/{payment.Id}", PaymentDocument.Of(payment, []), PaymentsJson.Default.PaymentDocument, Versions.ETag(payment.Version));
            },
            cancellation,
            required: true,
            KeepReplies);
    }
}
