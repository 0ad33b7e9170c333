using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Payments.Payments;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Paging;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Payments.Endpoints;

internal static class ListPayments
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/payments", HandleAsync).WithName("listPayments").WithSummary("The caller's payments; for admins everybody's.").Requires(PaymentAccess.Read)
            .Takes("status", "Only payments with this status.").Takes("orderId", "Only the payment of this order.").Takes("userId", "Only payments of this person; for admins.")
            .TakesPage().Produces<PaymentPage>(200);

    private static async Task<IResult> HandleAsync(
        HttpContext http, [FromServices] Database database, [FromServices] Cursors cursors, [FromServices] PaymentAccess access, CancellationToken cancellation)
    {
        var caller = http.Caller();
        var query = Query.Of(http.Request);
        var status = query.Text("status");
        if (status is not null && PaymentStatusNames.Parse(status) is null)
        {
            query.Wrong("status", "notOneOf", $"status must be one of {string.Join(", ", PaymentStatusNames.All)}.");
        }

        var order = Id(query, "orderId");
        var user = Id(query, "userId");
        if (!PageRequest.Read(http.Request, query, "-created_at").Is(out var page, out var problem))
        {
            return problem.ToResult();
        }

        if (!PaymentAccess.IsAdmin(caller) && caller.Kind != CallerKind.Service)
        {
            user = caller.UserId;
        }

        var scope = $"{caller.Subject}|{status}|{order}|{user}";
        if (!cursors.Read(page, scope).Is(out var keys, out var expired))
        {
            return expired.ToResult();
        }

        DateTimeOffset? from = keys.Length == 2 ? DateTimeOffset.Parse(keys[0], CultureInfo.InvariantCulture) : null;
        var fromId = keys.Length == 2 ? Guid.Parse(keys[1]) : Guid.Empty;
        var (compare, direction) = page.Descending ? ("<", "desc") : (">", "asc");
        var rows = await database.ReadAsync(
            (connection, token) => connection.Command(
                $"""
                select {PaymentRows.Columns} from payments p
                where ($1::text is null or p.status = $1) and ($2::uuid is null or p.order_id = $2) and ($3::uuid is null or p.user_id = $3)
                  and ($4::timestamptz is null or (p.created_at, p.id) {compare} ($4, $5))
                order by p.created_at {direction}, p.id {direction} limit $6
                """,
                status, order, user, from, fromId, page.Limit + 1).ListAsync(PaymentRows.Read, token),
            cancellation);
        await access.NoteAsync(http, "payments.listed", user?.ToString() ?? "all", cancellation);
        var shown = rows.Take(page.Limit).ToList();
        var next = rows.Count > page.Limit ? cursors.Write(page, scope, shown[^1].CreatedAt.ToString("O", CultureInfo.InvariantCulture), shown[^1].Id.ToString()) : null;
        var answer = new Page(page.Limit, next, null, null);
        Links.Write(http.Response, answer);
        return Reply.Ok(new PaymentPage([.. shown.Select(payment => PaymentDocument.Of(payment))], answer), PaymentsJson.Default.PaymentPage);
    }

    private static Guid? Id(Query query, string name)
    {
        if (query.Text(name) is not { } text)
        {
            return null;
        }

        if (Guid.TryParse(text, out var id))
        {
            return id;
        }

        query.Wrong(name, "notAnId", $"{name} must be a UUID.");
        return null;
    }
}
