using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Orders.Ordering;
using Retail.Orders.People;
using Retail.Orders.Sagas;
using Retail.Orders.Streams;
using Slipway.Sdk.Auditing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Slipway.Sdk.Retries;

namespace Retail.Orders.Endpoints;

internal sealed record StatusBody
{
    public string? Status { get; set; }
}

internal static class ChangeStatus
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/orders/{id:guid}/status", HandleAsync).WithName("changeOrderStatus").WithSummary("Moves an order on: processing, shipped, delivered.")
            .RequiresRole("admin").Requires(Viewer.Write)
            .TakesHeader("If-Match", "The version this is about; optional.")
            .Accepts<StatusBody>("application/json")
            .Produces<OrderDocument>(200);

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, [FromServices] Database database, [FromServices] OrderBook orders, [FromServices] AuditTrail audit, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, OrdersJson.Default.StatusBody, cancellation: cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        var wanted = findings.Choice(
            "/status", body.Status, OrderStatus.Pending,
            ("processing", OrderStatus.Processing), ("shipped", OrderStatus.Shipped), ("delivered", OrderStatus.Delivered));
        if (body.Status is null)
        {
            findings.Add("/status", "required", "status is required: processing, shipped or delivered.");
        }

        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        return await Idempotent.RunAsync(
            http, database,
            async (transaction, token) =>
            {
                if (await SagaRows.LockAsync(transaction, id, token) is not var (saga, _) || await OrderStream.LoadAsync(transaction.Connection!, id, token) is not { } order)
                {
                    return Reply.Of(Viewer.Unknown);
                }

                if (http.Request.Headers.IfMatch.Count > 0 && Versions.RequireMatch(http.Request, order.Version) is { } stale)
                {
                    return Reply.Of(stale);
                }

                if (!OrderDecider.Advance(order, wanted).Is(out var events, out var refused))
                {
                    return Reply.Of(refused);
                }

                var next = await orders.WriteAsync(transaction, order, events, token);
                if (events.Count > 0)
                {
                    await audit.AppendAsync(
                        transaction,
                        AuditEntry.From(http, "order.statusChanged", "order", id.ToString()) with { Changes = [new AuditChange("/status", order.Status.Name(), next.Status.Name())] },
                        token);
                }

                return Reply.Ok(OrderDocuments.Of(next, saga.Phase.Name(), contact: null), OrdersJson.Default.OrderDocument, Versions.ETag(next.Version));
            },
            cancellation);
    }
}
