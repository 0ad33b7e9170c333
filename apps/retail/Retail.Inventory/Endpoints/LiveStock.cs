using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Inventory.Live;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Live;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;

namespace Retail.Inventory.Endpoints;

/// <summary>The same hints as they change. The state comes first, so a reader that comes back has missed nothing that still counts.</summary>
internal static class LiveStock
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/inventory/events", HandleAsync).WithName("followStock").WithSummary("Stock hints of SKUs, live (server-sent events).")
            .OpenToAll("Whoever looks at a product sees whether it can be had.")
            .Takes("sku", "Up to 50 SKUs, separated by commas.")
            .Produces(200, contentType: "text/event-stream");

    private static async Task HandleAsync(HttpContext http, [FromServices] StockFeed feed, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var skus = query.List("sku", StockFeed.SkusMax);
        if (skus.Count == 0)
        {
            query.Wrong("sku", "required", "Name at least one SKU: ?sku=A-1,A-2");
        }

        if (query.Problem() is { } problem)
        {
            await problem.ToResult().ExecuteAsync(http);
            return;
        }

        if (!feed.Follow(skus.ToHashSet(StringComparer.Ordinal)).Is(out var reader, out problem))
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

    private static async IAsyncEnumerable<LiveEvent> EventsAsync(StockReader reader, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var glance in reader.GlancesAsync(cancellation))
        {
            var hint = StockHint.Of(glance.Sku, glance.Available, glance.Threshold);
            yield return new LiveEvent($"{glance.Sku}:{glance.Version}", "stock", JsonSerializer.Serialize(hint, InventoryJson.Default.StockHint));
        }
    }
}
