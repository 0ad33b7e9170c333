using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Sandbox.Bank;
using Retail.Sandbox.Webhooks;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;

namespace Retail.Sandbox.Endpoints;

/// <summary>Money back to the card, in parts or as a whole.</summary>
internal static class Refunds
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/refunds", CreateAsync).WithName("createRefund").WithSummary("Gives money back.").OpenToAll(ShopKey.Why).Produces(200);
        app.MapGet("/v1/refunds", ListAsync).WithName("listRefunds").WithSummary("Refunds, newest first.").OpenToAll(ShopKey.Why)
            .Takes("limit", "1 to 100, 10 unless said otherwise.", "integer").Takes("starting_after", "The id of the last one seen.")
            .Takes("created[gte]", "Unix seconds.", "integer").Takes("payment_intent", "Only those of this intent.").Produces(200);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, [FromServices] ShopKey key, [FromServices] OnlyOnce once, [FromServices] WebhookQueue queue, [FromServices] TimeProvider time, CancellationToken cancellation)
    {
        if (key.Refuse(http) is { } refused)
        {
            return refused;
        }

        if (!(await FormReading.ReadAsync(http.Request, cancellation)).Is(out var form, out var problem))
        {
            return problem.ToResult();
        }

        if (form.Text("payment_intent") is not { } id)
        {
            return BankReply.Of(Refusal.Invalid("payment_intent is required.")).ToResult();
        }

        var reply = await once.RunAsync(http, form, async (transaction, token) =>
        {
            if (await IntentRows.LockAsync(transaction, id, token) is not { } intent)
            {
                return BankReply.Of(Refusal.Missing("payment_intent"));
            }

            var amount = form.Amount("amount") ?? intent.Captured - intent.Refunded;
            var (next, refusal) = IntentRules.Refund(intent, amount);
            if (next is null)
            {
                return BankReply.Of(refusal!);
            }

            var refund = new Refund(Ids.New("re"), intent.Id, amount, "succeeded", form.Metadata(), time.GetUtcNow());
            await IntentRows.UpdateAsync(transaction, next, token);
            await transaction.Command("insert into refunds (id, intent_id, amount, status, metadata, created_at) values ($1, $2, $3, $4, $5, $6)",
                refund.Id, refund.IntentId, refund.Amount, refund.Status, Sql.Json(refund.Metadata), refund.CreatedAt).ExecuteAsync(token);
            await queue.TellAsync(transaction, next, refund, token);
            return BankReply.Of(BankDocuments.Of(refund, next.Currency));
        }, cancellation);
        return reply.ToResult();
    }

    private static async Task<IResult> ListAsync(HttpContext http, [FromServices] ShopKey key, [FromServices] Database database, CancellationToken cancellation)
    {
        if (key.Refuse(http) is { } refused)
        {
            return refused;
        }

        var query = Query.Of(http.Request);
        var limit = query.Number("limit", 1, 100) ?? 10;
        var after = query.Text("starting_after");
        var intent = query.Text("payment_intent");
        var since = DateTimeOffset.FromUnixTimeSeconds(query.Number("created[gte]", 0, int.MaxValue) ?? 0);
        if (query.Problem() is { } problem)
        {
            return problem.ToResult();
        }

        var rows = await database.ReadAsync(
            (connection, token) => connection.Command(
                $"""
                select {IntentRows.RefundColumns} from refunds
                where created_at >= $1 and ($2::text is null or number < (select number from refunds where id = $2)) and ($4::text is null or intent_id = $4)
                order by number desc limit $3
                """,
                since, after, limit + 1, intent).ListAsync(IntentRows.ReadRefund, token),
            cancellation);
        return ReadIntents.List([.. rows.Select(refund => BankDocuments.Of(refund, "eur"))], limit);
    }
}
