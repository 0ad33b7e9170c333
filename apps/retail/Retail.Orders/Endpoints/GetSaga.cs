using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Orders.People;
using Retail.Orders.Sagas;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Orders.Endpoints;

/// <summary>How a purchase goes through the services. What only operators can use is told to admins only.</summary>
internal sealed record SagaDocument
{
    public required Guid OrderId { get; set; }

    public required string Phase { get; set; }

    public required string? Reason { get; set; }

    public required IReadOnlyList<SagaStep> Steps { get; set; }

    public required DateTimeOffset StartedAt { get; set; }

    public required DateTimeOffset? EndedAt { get; set; }

    public DateTimeOffset? DueAt { get; set; }

    public string? Stock { get; set; }

    public string? Money { get; set; }

    public DateTimeOffset? ReservedUntil { get; set; }
}

internal static class GetSaga
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/orders/{id:guid}/saga", HandleAsync).WithName("getOrderSaga").WithSummary("Reads the steps of a purchase and what undoes them.")
            .OpenToAll("Guests look at their orders with the token they were given.")
            .TakesHeader(GuestTokens.Header, "What a guest got when the order was placed.")
            .Produces<SagaDocument>(200);

    private static async Task<IResult> HandleAsync(Guid id, HttpContext http, [FromServices] Database database, CancellationToken cancellation)
    {
        if (Query.Of(http.Request).Problem() is { } wrong)
        {
            return wrong.ToResult();
        }

        if (!Viewer.Of(http, Viewer.Read).Is(out var viewer, out var problem))
        {
            return problem.ToResult();
        }

        var saga = await database.ReadAsync(
            async (connection, token) => await viewer.MaySeeAsync(connection, id, token) ? await SagaRows.FindAsync(connection, id, token) : null, cancellation);
        return saga is null ? Viewer.Unknown.ToResult() : Reply.Ok(Document(saga, viewer.IsAdmin), OrdersJson.Default.SagaDocument);
    }

    private static SagaDocument Document(SagaState saga, bool everything) => new()
    {
        OrderId = saga.OrderId,
        Phase = saga.Phase.Name(),
        Reason = saga.Reason,
        Steps = SagaGraph.Of(saga),
        StartedAt = saga.StartedAt,
        EndedAt = saga.EndedAt,
        DueAt = everything ? saga.DueAt : null,
        Stock = everything ? saga.Stock.ToString().ToLowerInvariant() : null,
        Money = everything ? saga.Money.ToString().ToLowerInvariant() : null,
        ReservedUntil = saga.ReservedUntil,
    };
}
