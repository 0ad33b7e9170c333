using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Payments.Ledger;
using Retail.Payments.Payments;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Paging;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Payments.Endpoints;

/// <summary>The books, for admins.</summary>
internal static class LedgerEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/payments/ledger/balance", BalanceAsync).WithName("getLedgerBalance").WithSummary("What every account holds; together they are zero.")
            .Requires(PaymentAccess.Read).RequiresRole("admin").Produces<BalanceDocument>(200);
        api.MapGet("/payments/ledger", ListAsync).WithName("listLedger").WithSummary("The entries of the books, newest first.")
            .Requires(PaymentAccess.Read).RequiresRole("admin").Takes("paymentId", "Only the entries of this payment.").TakesPage().Produces<LedgerPage>(200);
    }

    private static async Task<IResult> BalanceAsync(HttpContext http, [FromServices] Database database, [FromServices] PaymentAccess access, CancellationToken cancellation)
    {
        if (Query.Of(http.Request).Problem() is { } problem)
        {
            return problem.ToResult();
        }

        var sums = await database.ReadAsync(
            (connection, token) => connection.Command("select account, sum(amount)::bigint, count(*) from ledger_entries group by account")
                .ListAsync(row => (Account: row.GetString(0), Sum: row.GetInt64(1), Count: row.GetInt64(2)), token),
            cancellation);
        await access.NoteAsync(http, "ledger.read", "balance", cancellation);
        var total = sums.Sum(account => account.Sum);
        return Reply.Ok(
            new BalanceDocument(
                "EUR", Of(Accounts.CustomerReceivable), Of(Accounts.ProviderClearing), Of(Accounts.Revenue), Of(Accounts.Refunds), Amounts.Shown(total), total == 0,
                sums.Sum(account => account.Count)),
            PaymentsJson.Default.BalanceDocument);

        decimal Of(string account) => Amounts.Shown(sums.Find(sum => sum.Account == account).Sum);
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, [FromServices] Database database, [FromServices] Cursors cursors, [FromServices] PaymentAccess access, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var payment = query.Text("paymentId");
        if (payment is not null && !Guid.TryParse(payment, out _))
        {
            query.Wrong("paymentId", "notAnId", "paymentId must be a UUID.");
        }

        if (!PageRequest.Read(http.Request, query, "-number").Is(out var page, out var problem))
        {
            return problem.ToResult();
        }

        var scope = $"ledger|{http.Caller().Subject}|{payment}";
        if (!cursors.Read(page, scope).Is(out var keys, out var expired))
        {
            return expired.ToResult();
        }

        long? from = keys is [var key] ? long.Parse(key, CultureInfo.InvariantCulture) : null;
        Guid? only = payment is null ? null : Guid.Parse(payment);
        var (compare, direction) = page.Descending ? ("<", "desc") : (">", "asc");
        var rows = await database.ReadAsync(
            (connection, token) => connection.Command(
                $"""
                select number, transfer, account, amount, currency, payment_id, at from ledger_entries
                where ($1::uuid is null or payment_id = $1) and ($2::bigint is null or number {compare} $2)
                order by number {direction} limit $3
                """,
                only, from, page.Limit + 1).ListAsync(
                row => new LedgerEntryDocument(
                    row.GetInt64(0), row.GetString(1), row.GetString(2), Amounts.Shown(row.GetInt64(3)), row.GetString(4), row.GetGuid(5), row.GetFieldValue<DateTimeOffset>(6)), token),
            cancellation);
        await access.NoteAsync(http, "ledger.read", payment ?? "all", cancellation);
        var shown = rows.Take(page.Limit).ToList();
        var next = rows.Count > page.Limit ? cursors.Write(page, scope, shown[^1].Number.ToString(CultureInfo.InvariantCulture)) : null;
        var answer = new Page(page.Limit, next, null, null);
        Links.Write(http.Response, answer);
        return Reply.Ok(new LedgerPage(shown, answer), PaymentsJson.Default.LedgerPage);
    }
}
