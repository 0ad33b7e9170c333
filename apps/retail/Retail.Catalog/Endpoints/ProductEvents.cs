using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Catalog.Live;
using Retail.Catalog.Products;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Live;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;

namespace Retail.Catalog.Endpoints;

/// <summary>
/// Prices and stock as they change: <c>price</c>, <c>stock</c>, <c>changed</c>, <c>created</c> and <c>deleted</c>. A stream over some SKUs
/// begins with how they stand (<c>snapshot</c>); <c>ready</c> says that it is up to date, <c>reset</c> that everything has to be read anew.
/// </summary>
internal static class ProductEvents
{
    private const int SkusMax = 50;

    /// <summary>Readers come back by themselves, to whichever instance has room.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(9);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/products/events", HandleAsync).WithName("productEvents").WithSummary("Follows prices and stock as they change.")
            .OpenToAll("The catalogue is public.").Limited("streams")
            .Takes("sku", "Only these, separated by commas, up to 50.")
            .TakesHeader("Last-Event-ID", "Where the reader left off.")
            .Produces<SkuDocument>(200, "text/event-stream");

    private static async Task HandleAsync(HttpContext http, [FromServices] LiveFeed feed, [FromServices] TimeProvider time, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var skus = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in query.List("sku", SkusMax))
        {
            if (Skus.Read(text) is { } sku)
            {
                skus.Add(sku);
            }
            else
            {
                query.Wrong("sku", "notASku", Skus.Rule);
            }
        }

        var problem = query.Problem();
        if (problem is not null || !(await feed.OpenAsync(skus, LiveStream.LastEventId(http.Request) is not null, cancellation)).Is(out var reader, out problem))
        {
            await problem.ToResult().ExecuteAsync(http);
            return;
        }

        try
        {
            using var longest = new CancellationTokenSource(s_longest, time);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation, longest.Token);
            await LiveStream.WriteAsync(http, reader.EventsAsync(ended.Token), ended.Token);
        }
        finally
        {
            feed.Close(reader);
        }
    }
}
