using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Cart.Carts;
using Retail.Cart.Live;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Live;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;

namespace Retail.Cart.Endpoints;

/// <summary>How many items lie in the cart, for the counters of all open pages. The state comes first, so nothing that still counts is missed.</summary>
internal static class LiveCart
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/cart/{customer_id}/events", HandleAsync).WithName("followCart").WithSummary("A cart's count, live (server-sent events).").OpenToAll(CartId.OpenReason)
            .Produces(200, contentType: "text/event-stream");

    private static async Task HandleAsync([FromRoute(Name = "customer_id")] string customerId, HttpContext http, [FromServices] CartFeed feed, CancellationToken cancellation)
    {
        if (Query.Of(http.Request).Problem() is { } problem
            || !CartId.Open(http, customerId, CartId.ReadScope, inBody: false).Is(out var id, out problem)
            || !feed.Follow(id.Text).Is(out var reader, out problem))
        {
            await problem.ToResult().ExecuteAsync(http);
            return;
        }

        try
        {
            await LiveStream.WriteAsync(http, EventsAsync(reader, cancellation), cancellation);
        }
        finally
        {
            feed.Leave(reader);
        }
    }

    private static async IAsyncEnumerable<LiveEvent> EventsAsync(CartReader reader, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var glance in reader.GlancesAsync(cancellation))
        {
            var document = new LiveDocument(reader.Customer, glance.Version, glance.TotalItems);
            yield return new LiveEvent($"{glance.Version}", "cart", JsonSerializer.Serialize(document, CartJson.Default.LiveDocument));
        }
    }
}
