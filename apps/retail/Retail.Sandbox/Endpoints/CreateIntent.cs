using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Sandbox.Bank;
using Retail.Sandbox.Webhooks;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Retail.Sandbox.Endpoints;

/// <summary>Asks the bank for money: a form with amount, currency, payment_method, confirm=true and capture_method=manual.</summary>
internal static class CreateIntent
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/v1/payment_intents", HandleAsync).WithName("createPaymentIntent").WithSummary("Authorises an amount on a card.").OpenToAll(ShopKey.Why).Produces(200);

    private static async Task<IResult> HandleAsync(
        HttpContext http, [FromServices] ShopKey key, [FromServices] Database database, [FromServices] OnlyOnce once, [FromServices] WebhookQueue queue,
        [FromServices] BankDocuments documents, [FromServices] Pace pace, [FromServices] TimeProvider time, CancellationToken cancellation)
    {
        if (key.Refuse(http) is { } refused)
        {
            return refused;
        }

        if (!(await FormReading.ReadAsync(http.Request, cancellation)).Is(out var form, out var problem))
        {
            return problem.ToResult();
        }

        if (Mistake(form) is { } mistake)
        {
            return BankReply.Of(Refusal.Invalid(mistake)).ToResult();
        }

        if (await Tokens.FindAsync(database, form.Text("payment_method")!, cancellation) is not { } card)
        {
            return BankReply.Of(Refusal.Missing("payment_method") with { Status = 400 }).ToResult();
        }

        var reply = await once.RunAsync(http, form, async (transaction, token) =>
        {
            var now = time.GetUtcNow();
            var intent = IntentRules.Confirm(
                new Intent
                {
                    Id = Ids.New("pi"),
                    Amount = form.Amount("amount")!.Value,
                    Currency = form.Text("currency")!,
                    Status = IntentStatus.Processing,
                    Behaviour = card.Behaviour,
                    Brand = card.Brand,
                    Last4 = card.Last4,
                    ReturnUrl = form.Text("return_url"),
                    Metadata = form.Metadata(),
                    CreatedAt = now,
                },
                Ids.New("ch"),
                now + pace.Decide);
            await IntentRows.InsertAsync(transaction, intent, token);
            await queue.TellAsync(transaction, intent, token);
            return (intent.DeclineCode is { } code ? BankReply.Of(BankDocuments.Decline(code), documents.Of(intent)) : BankReply.Of(documents.Of(intent)))
                with { Late = intent.Behaviour == Behaviour.Timeout };
        }, cancellation);
        if (reply.Late)
        {
            // The money is held; only the news of it takes longer than anybody waits.
            await Task.Delay(pace.Late, time, cancellation);
        }

        return reply.ToResult();
    }

    private static string? Mistake(IFormCollection form) => form switch
    {
        _ when form.Amount("amount") is not (>= 1 and <= 99_999_999) => "amount must be a whole number of minor units from 1 to 99999999.",
        _ when form.Text("currency") is not { Length: 3 } => "currency must be a code of three letters such as eur.",
        _ when form.Text("payment_method") is null => "payment_method is required.",
        _ when form.Text("confirm") != "true" => "confirm must be true: this bank has no second step.",
        _ when form.Text("capture_method") != "manual" => "capture_method must be manual.",
        _ when form.Text("return_url") is { } address && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https") => "return_url must be an address.",
        _ => null,
    };
}
