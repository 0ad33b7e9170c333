using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Inventory.Stock;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Slipway.Sdk.Retries;

namespace Retail.Inventory.Endpoints;

/// <summary>So many more or fewer, and why: a delivery, breakage, theft.</summary>
internal static class AdjustStock
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/inventory/{productId}/adjust", HandleAsync).WithName("adjustStock").WithSummary("Changes a quantity by a difference.").Requires(StockRules.WriteScope)
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.", required: true)
            .Accepts<AdjustBody>("application/json")
            .Produces<ItemDocument>(200);

    private static async Task<IResult> HandleAsync(
        string productId, HttpContext http, [FromServices] Database database, [FromServices] StockBook book, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, InventoryJson.Default.AdjustBody, cancellation: cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        var reason = findings.Text("/reason", body.Reason, 200);
        _ = StockRules.Location(findings, "/location", body.Location);
        if (body.Delta == 0 || Math.Abs((decimal)body.Delta) > StockRules.QuantityMax)
        {
            findings.Add("/delta", "outOfRange", $"delta is a whole number other than 0, at most {StockRules.QuantityMax} either way.");
        }

        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        return await Idempotent.RunAsync(
            http, database,
            async (transaction, token) =>
            {
                if (await StockRows.ResolveAsync(transaction.Connection!, productId, token) is not { } sku)
                {
                    return Reply.Of(StockRules.UnknownItem);
                }

                var items = await StockRows.LockAsync(transaction, [sku], token);
                if (StockRules.MayChange(http.Caller(), items[sku]) is { } refused)
                {
                    return Reply.Of(refused);
                }

                // Who names no place means the one with the most to spare.
                var location = body.Location ?? items[sku].Places.MaxBy(place => place.Available)?.Location ?? StockRules.DefaultLocation;
                items[sku] = await book.OpenPlaceAsync(transaction, items[sku], location, token);
                var place = items[sku].Places.Single(place => place.Location == location);
                if (place.Available + body.Delta < 0)
                {
                    return Reply.Of(StockRules.TooFew(items[sku], place.Available, -body.Delta));
                }

                var cause = new Cause(MovementKinds.Adjusted, reason, StockRules.ActorOf(http.Caller()));
                var item = (await book.MoveAsync(transaction, items, [new Movement(sku, location, body.Delta, 0)], cause, token))[0];
                return Reply.Ok(ItemDocument.Of(item), InventoryJson.Default.ItemDocument, Versions.ETag(item.Version));
            },
            cancellation,
            required: true);
    }
}
