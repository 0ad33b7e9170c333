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

/// <summary>The first stock of a SKU at a location.</summary>
internal static class AddStock
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/inventory", HandleAsync).WithName("addStock").WithSummary("Begins to stock a SKU at a location.").Requires(StockRules.WriteScope)
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.")
            .Accepts<NewStockBody>("application/json")
            .Produces<ItemDocument>(201);

    private static async Task<IResult> HandleAsync(HttpContext http, [FromServices] Database database, [FromServices] StockBook book, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, InventoryJson.Default.NewStockBody, cancellation: cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        var wanted = findings.Text("/productId", body.Sku ?? body.ProductId, 64);
        var location = StockRules.Location(findings, "/warehouse_location", body.WarehouseLocation);
        var quantity = StockRules.Quantity(findings, "/quantity", body.Quantity);
        var reason = findings.OptionalText("/reason", body.Reason, 200) ?? "first stock";
        StockRules.Threshold(findings, body.ReorderThreshold);
        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        return await Idempotent.RunAsync(
            http, database,
            async (transaction, token) =>
            {
                if (await StockRows.ResolveAsync(transaction.Connection!, wanted, token) is not { } sku)
                {
                    return Reply.Of(Problem.Invalid([new Finding("unknownProduct", "The catalogue has no such product or SKU.") { Pointer = "/productId" }]));
                }

                var items = await StockRows.LockAsync(transaction, [sku], token);
                var item = items[sku];
                if (StockRules.MayChange(http.Caller(), item) is { } refused)
                {
                    return Reply.Of(refused);
                }

                if (item.Places.Any(place => place.Location == location))
                {
                    return Reply.Of(Problem.Conflict("alreadyStocked", "Stocked already", $"{sku} lies at {location} already; adjust its quantity instead."));
                }

                items[sku] = item = await book.OpenPlaceAsync(transaction, item, location, token);
                if (body.ReorderThreshold is { } threshold && threshold != item.Threshold)
                {
                    // The line moves before the pieces come, so that it is not crossed on the way in.
                    items[sku] = item = item with { Threshold = threshold };
                    await transaction.Command("update stock_items set reorder_threshold = $2 where sku = $1", sku, threshold).ExecuteAsync(token);
                }

                var cause = new Cause(MovementKinds.Received, reason, StockRules.ActorOf(http.Caller()));
                var after = await book.MoveAsync(transaction, items, [new Movement(sku, location, quantity, 0)], cause, token);
                item = after.Count > 0 ? after[0] : item;
                return Reply.Created($"/api/v1/inventory/{sku}", ItemDocument.Of(item), InventoryJson.Default.ItemDocument, Versions.ETag(item.Version));
            },
            cancellation);
    }
}
