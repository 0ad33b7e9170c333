using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Orders.People;
using Retail.Orders.Projections;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Orders.Endpoints;

internal static class RebuildProjections
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/orders/projections/rebuild", HandleAsync).WithName("rebuildOrderProjections")
            .WithSummary("Makes the tables for reading anew from the stream and tells how far the old ones differed.")
            .RequiresRole("admin").Requires(Viewer.Write)
            .Produces<RebuildReport>(200);

    private static async Task<IResult> HandleAsync(HttpContext http, [FromServices] ProjectionRebuild rebuild, CancellationToken cancellation)
    {
        if (Query.Of(http.Request).Problem() is { } wrong)
        {
            return wrong.ToResult();
        }

        return await rebuild.RunAsync(cancellation) is { } report
            ? Reply.Ok(report, OrdersJson.Default.RebuildReport)
            : (Problem.Conflict("alreadyRebuilding", "A rebuild is running", "The tables are being made anew already. Wait for that to end.") with { RetryAfter = TimeSpan.FromSeconds(5) })
                .ToResult();
    }
}
