using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Cart.Carts;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;

namespace Retail.Cart.Endpoints;

/// <summary>Another quantity of what lies in the cart; none takes it out.</summary>
internal static class SetItem
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/cart/{customer_id}/items/{product_id}", HandleAsync).WithName("setCartItem").WithSummary("Updates the quantity of an item.").OpenToAll(CartId.OpenReason)
            .TakesHeader("If-Match", "The version that was seen; when named, it must be the current one.")
            .Accepts<QuantityBody>("application/json")
            .Produces<CartDocument>(200);

    private static async Task<IResult> HandleAsync(
        [FromRoute(Name = "customer_id")] string customerId,
        [FromRoute(Name = "product_id")] string productId,
        HttpContext http,
        [FromServices] Database database,
        [FromServices] CartBook book,
        CancellationToken cancellation)
    {
        if (!CartId.Open(http, customerId, CartId.WriteScope, inBody: false).Is(out var id, out var problem)
            || !(await Body.ReadAsync(http.Request, CartJson.Default.QuantityBody, cancellation: cancellation)).Is(out var body, out problem))
        {
            return problem.ToResult();
        }

        if (body.Quantity is not (>= 0 and <= CartRules.QuantityMax))
        {
            return Problem.Invalid([new Finding("outOfRange", $"quantity is from 0 to {CartRules.QuantityMax}; 0 removes the item.") { Pointer = "/quantity" }]).ToResult();
        }

        return CartReplies.Ok(await database.WriteAsync(
            (transaction, token) => book.SetAsync(transaction, id, productId, body.Quantity.Value, CartReplies.IfMatchNamed(http), token), cancellation));
    }
}
