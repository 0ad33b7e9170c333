using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Cart.Carts;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;

namespace Retail.Cart.Endpoints;

/// <summary>A cart; one that nobody has used yet is empty.</summary>
internal static class GetCart
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/cart/{customer_id}", HandleAsync).WithName("getCart").WithSummary("Reads the cart of a customer.").OpenToAll(CartId.OpenReason)
            .Produces<CartDocument>(200);

    private static async Task<IResult> HandleAsync(
        [FromRoute(Name = "customer_id")] string customerId, HttpContext http, [FromServices] Database database, CancellationToken cancellation)
    {
        if (Query.Of(http.Request).Problem() is { } problem || !CartId.Open(http, customerId, CartId.ReadScope, inBody: false).Is(out var id, out problem))
        {
            return problem.ToResult();
        }

        return CartReplies.Ok(await database.ReadAsync((connection, token) => CartRows.ReadAsync(connection, id.Text, token), cancellation));
    }
}
