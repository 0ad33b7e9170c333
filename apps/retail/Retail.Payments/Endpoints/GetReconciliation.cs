using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Payments.Reconciling;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Payments.Endpoints;

/// <summary>The last comparison with the provider's books, or, when asked, a fresh one.</summary>
internal static class GetReconciliation
{
    public static readonly TimeSpan Back = TimeSpan.FromDays(3);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/payments/reconciliation", HandleAsync).WithName("getReconciliation").WithSummary("The last comparison with the provider's books.")
            .Requires(PaymentAccess.Read).RequiresRole("admin").Produces<ReconciliationDocument>(200);
        api.MapPost("/payments/reconciliation", RunAsync).WithName("runReconciliation").WithSummary("Compares the last three days with the provider's books.")
            .Requires(PaymentAccess.Write).RequiresRole("admin").Limited("reconciliation").Produces<ReconciliationDocument>(200);
    }

    private static async Task<IResult> HandleAsync(HttpContext http, [FromServices] Reconciliation reconciliation, [FromServices] PaymentAccess access, CancellationToken cancellation)
    {
        if (Query.Of(http.Request).Problem() is { } problem)
        {
            return problem.ToResult();
        }

        await access.NoteAsync(http, "reconciliation.read", "latest", cancellation);
        return await reconciliation.LatestAsync(cancellation) is { } report
            ? Reply.Ok(report, PaymentsJson.Default.ReconciliationDocument)
            : Problem.NotFound("report yet; it is made every night, or now with POST").ToResult();
    }

    private static async Task<IResult> RunAsync(HttpContext http, [FromServices] Reconciliation reconciliation, [FromServices] PaymentAccess access, CancellationToken cancellation)
    {
        await access.NoteAsync(http, "reconciliation.run", "latest", cancellation);
        return Reply.Ok(await reconciliation.RunAsync(Back, cancellation), PaymentsJson.Default.ReconciliationDocument);
    }
}
