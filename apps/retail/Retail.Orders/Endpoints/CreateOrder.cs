using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Orders.Live;
using Retail.Orders.Ordering;
using Retail.Orders.People;
using Retail.Orders.Sagas;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Slipway.Sdk.Retries;

namespace Retail.Orders.Endpoints;

internal static class CreateOrder
{
    private static readonly TimeSpan s_keep = TimeSpan.FromDays(7);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/orders", HandleAsync).WithName("createOrder").WithSummary("Places an order.")
            .OpenToAll("Guests buy without an account.").Limited("checkout")
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the order is placed once.", required: true)
            .Accepts<CreateOrderBody>("application/json")
            .Produces<OrderDocument>(201);

    private static async Task<IResult> HandleAsync(
        HttpContext http,
        [FromServices] Database database,
        [FromServices] Placing placing,
        [FromServices] GuestTokens guests,
        [FromServices] SagaMetrics metrics,
        [FromServices] OrderWatch watch,
        CancellationToken cancellation)
    {
        if (!Viewer.Of(http, Viewer.Write).Is(out var viewer, out var problem))
        {
            return problem.ToResult();
        }

        if (!viewer.MayBuy)
        {
            return Problem.Forbidden("Vendors manage products; orders are placed by customers.").ToResult();
        }

        if (!(await Body.ReadAsync(http.Request, OrdersJson.Default.CreateOrderBody, cancellation: cancellation)).Is(out var body, out problem)
            || !CreateOrderRules.Check(body, viewer.Caller?.Email).Is(out var wanted, out problem))
        {
            return problem.ToResult();
        }

        // Who the buyer is and what opens a guest's order are not kept with the reply; both are added on the way out.
        var placed = false;
        var reply = await Idempotent.RunAsync(
            http, database,
            async (transaction, token) =>
            {
                if (!(await placing.RunAsync(transaction, wanted, viewer.UserId, token)).Is(out var order, out var refused))
                {
                    return Reply.Of(refused);
                }

                placed = true;
                var document = OrderDocuments.Of(order, SagaPhase.Reserving.Name(), contact: null);
                return Reply.Created($"/api/v1/orders/{order.Id}", document, OrdersJson.Default.OrderDocument, Versions.ETag(order.Version));
            },
            cancellation, required: true, keep: s_keep);
        if (reply.Status != 201)
        {
            return reply;
        }

        if (placed)
        {
            metrics.Created();
            watch.Raise();
        }

        return Complete(reply, wanted.Contact, viewer.UserId is null ? guests : null);
    }

    private static Reply Complete(Reply reply, OrderContact contact, GuestTokens? guests)
    {
        var document = JsonSerializer.Deserialize(reply.Body.Span, OrdersJson.Default.OrderDocument)!;
        document.ShippingAddress = OrderDocuments.Address(contact);
        document.Email = contact.Email;
        document.GuestToken = guests?.Of(document.Id);
        return new Reply(reply.Status, reply.Headers, JsonSerializer.SerializeToUtf8Bytes(document, OrdersJson.Default.OrderDocument));
    }
}
