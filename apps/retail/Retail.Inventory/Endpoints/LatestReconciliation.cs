using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Inventory.Reconciling;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Inventory.Endpoints;

/// <summary>What the daily comparison found last.</summary>
internal static class LatestReconciliation
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/inventory/reconciliation", HandleAsync).WithName("getReconciliation").WithSummary("The latest daily comparison of stock and ledger.")
            .Requires(StockRules.ReadScope).RequiresRole("admin")
            .Produces<ReconciliationDocument>(200);

    private static async Task<IResult> HandleAsync(HttpContext http, [FromServices] Database database, CancellationToken cancellation)
    {
        if (Query.Of(http.Request).Problem() is { } problem)
        {
            return problem.ToResult();
        }

        var report = await database.ReadAsync(Reconciliation.LatestAsync, cancellation);
        return report is null ? Problem.NotFound("reconciliation yet").ToResult() : Reply.Ok(report, InventoryJson.Default.ReconciliationDocument);
    }
}
