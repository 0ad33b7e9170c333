using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Cart.Carts;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;

namespace Retail.Cart.Endpoints;

/// <summary>Takes out one item, or all of them. Doing it again is no mistake.</summary>
internal static class RemoveItem
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapDelete("/cart/{customer_id}/items/{product_id}", RemoveAsync).WithName("removeCartItem").WithSummary("Removes an item from a cart.").OpenToAll(CartId.OpenReason)
            .TakesHeader("If-Match", "The version that was seen; when named, it must be the current one.")
            .Produces<CartDocument>(200);
        api.MapDelete("/cart/{customer_id}", ClearAsync).WithName("clearCart").WithSummary("Clears a cart.").OpenToAll(CartId.OpenReason)
            .TakesHeader("If-Match", "The version that was seen; when named, it must be the current one.")
            .Produces(204);
    }

    private static async Task<IResult> RemoveAsync(
        [FromRoute(Name = "customer_id")] string customerId,
        [FromRoute(Name = "product_id")] string productId,
        HttpContext http,
        [FromServices] Database database,
        [FromServices] CartBook book,
        CancellationToken cancellation) =>
        CartId.Open(http, customerId, CartId.WriteScope, inBody: false).Is(out var id, out var problem)
            ? CartReplies.Ok(await database.WriteAsync((transaction, token) => book.RemoveAsync(transaction, id, productId, CartReplies.IfMatchNamed(http), token), cancellation))
            : problem.ToResult();

    private static async Task<IResult> ClearAsync(
        [FromRoute(Name = "customer_id")] string customerId, HttpContext http, [FromServices] Database database, [FromServices] CartBook book, CancellationToken cancellation)
    {
        if (!CartId.Open(http, customerId, CartId.WriteScope, inBody: false).Is(out var id, out var problem))
        {
            return problem.ToResult();
        }

        problem = await database.WriteAsync<Problem?>((transaction, token) => book.ClearAsync(transaction, id, CartReplies.IfMatchNamed(http), token), cancellation);
        return problem is null ? Reply.NoContent() : problem.ToResult();
    }
}
