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

/// <summary>After signing in: what lay in the guest's cart comes along.</summary>
internal static class MergeCarts
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/cart/merge", HandleAsync).WithName("mergeCarts").WithSummary("Puts a guest's cart into the caller's.").Requires(CartId.WriteScope)
            .Accepts<MergeBody>("application/json")
            .Produces<CartDocument>(200);

    private static async Task<IResult> HandleAsync(HttpContext http, [FromServices] Database database, [FromServices] CartBook book, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, CartJson.Default.MergeBody, cancellation: cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        if (CartId.Parse(body.From) is not { IsGuest: true } guest)
        {
            return Problem.Invalid([new Finding("notAGuest", "from is the id of a guest's cart: guest- and a UUID.") { Pointer = "/from" }]).ToResult();
        }

        if (http.Caller().UserId == Guid.Empty)
        {
            return Problem.Forbidden("Only customers have a cart of their own.").ToResult();
        }

        var (cart, plan) = await database.WriteAsync((transaction, token) => book.MergeAsync(transaction, guest, CartId.OfCaller(http.Caller()), token), cancellation);
        return CartReplies.Ok(cart, new MergeDocument(plan.Cut, plan.Left));
    }
}
