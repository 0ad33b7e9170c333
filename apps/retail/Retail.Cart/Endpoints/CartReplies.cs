using Microsoft.AspNetCore.Http;
using Retail.Cart.Carts;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Cart.Endpoints;

/// <summary>Answers that consist of a cart.</summary>
internal static class CartReplies
{
    /// <summary>The documented calls name no version; one that is named must fit.</summary>
    public static Func<CartState, Problem?> IfMatchNamed(HttpContext http) =>
        cart => http.Request.Headers.IfMatch.Count == 0 ? null : Versions.RequireMatch(http.Request, cart.Version);

    public static Reply Ok(Outcome<CartState> outcome) => outcome.Is(out var cart, out var problem) ? Ok(cart) : Reply.Of(problem);

    public static Reply Ok(CartState cart, MergeDocument? merged = null) =>
        Reply.Ok(CartDocument.Of(cart, merged), CartJson.Default.CartDocument, Versions.ETag(cart.Version));

    public static Reply Created(CartState cart) =>
        Reply.Created($"/api/v1/cart/{cart.CustomerId}", CartDocument.Of(cart), CartJson.Default.CartDocument, Versions.ETag(cart.Version));
}
