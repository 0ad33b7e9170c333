using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Payments.Payments;
using Slipway.Sdk.Auditing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Paging;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Payments.Endpoints;

internal static class GetPayment
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/payments/{id:guid}", HandleAsync).WithName("getPayment").WithSummary("One payment with its refunds.").Requires(PaymentAccess.Read).Produces<PaymentDocument>(200);
        api.MapGet("/payments/{id:guid}/audit", AuditAsync).WithName("getPaymentAudit").WithSummary("Who saw and changed a payment.").Requires(PaymentAccess.Read).RequiresRole("admin")
            .Takes("limit", "At most 200.", "integer").Produces<AccessPage>(200);
    }

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, [FromServices] Database database, [FromServices] PaymentAccess access, CancellationToken cancellation)
    {
        if (Query.Of(http.Request).Problem() is { } problem)
        {
            return problem.ToResult();
        }

        var (payment, refunds) = await database.ReadAsync(
            async (connection, token) => (await PaymentRows.FindAsync(connection, id, token), await PaymentRows.RefundsAsync(connection, id, token)), cancellation);
        if (payment is null || !PaymentAccess.MaySee(http.Caller(), payment))
        {
            await access.NoteAsync(http, "payment.refused", id.ToString(), cancellation);
            return Problem.NotFound("payment").ToResult();
        }

        await access.NoteAsync(http, "payment.read", id.ToString(), cancellation);
        var etag = Versions.ETag(payment.Version);
        return Versions.NotModified(http.Request, etag)
            ? Results.StatusCode(304)
            : Reply.Ok(PaymentDocument.Of(payment, refunds), PaymentsJson.Default.PaymentDocument, etag);
    }

    private static async Task<IResult> AuditAsync(Guid id, HttpContext http, [FromServices] AuditTrail trail, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var limit = query.Number("limit", 1, 200) ?? 50;
        if (query.Problem() is { } problem)
        {
            return problem.ToResult();
        }

        var records = await trail.ListAsync(new AuditQuery { TargetType = "payment", TargetId = id.ToString(), Limit = limit }, cancellation);
        var items = records.Select(record => new AccessDocument(
            record.At, record.Entry.ActorType, record.Entry.ActorId, record.Entry.Action, record.Entry.Reason, record.Entry.RequestId,
            [.. record.Entry.Changes.Select(change => new ChangeDocument(change.Pointer, change.Before?.ToString(), change.After?.ToString()))])).ToList();
        return Reply.Ok(new AccessPage(items, new Page(limit, null, null, null)), PaymentsJson.Default.AccessPage);
    }
}
