using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using Retail.Inventory.Stock;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Slipway.Sdk.Retries;

namespace Retail.Inventory.Endpoints;

/// <summary>Somebody counted: the quantity is this now. Whoever counted must have seen the version they replace.</summary>
internal static class SetStock
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/inventory/{productId}", HandleAsync).WithName("setStock").WithSummary("Sets a counted quantity or the threshold.").Requires(StockRules.WriteScope)
            .TakesHeader("If-Match", "The version that was seen.", required: true)
            .Accepts<CountedBody>("application/json")
            .Produces<ItemDocument>(200);

    private static async Task<IResult> HandleAsync(
        string productId, HttpContext http, [FromServices] Database database, [FromServices] StockBook book, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, InventoryJson.Default.CountedBody, cancellation: cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        _ = StockRules.Location(findings, "/warehouse_location", body.WarehouseLocation);
        StockRules.Threshold(findings, body.ReorderThreshold);
        _ = StockRules.Quantity(findings, "/quantity", body.Quantity ?? 0);
        body.Reason = findings.OptionalText("/reason", body.Reason, 200) ?? "counted";
        if (body.Quantity is null && body.ReorderThreshold is null)
        {
            findings.Add("/quantity", "required", "Give quantity, reorderThreshold or both.");
        }

        return findings.Any
            ? findings.ToProblem().ToResult()
            : await Idempotent.RunAsync(http, database, (transaction, token) => SetAsync(transaction, http, book, productId, body, token), cancellation);
    }

    private static async Task<Reply> SetAsync(
        NpgsqlTransaction transaction, HttpContext http, StockBook book, string wanted, CountedBody body, CancellationToken cancellation)
    {
        if (await StockRows.ResolveAsync(transaction.Connection!, wanted, cancellation) is not { } sku)
        {
            return Reply.Of(StockRules.UnknownItem);
        }

        var items = await StockRows.LockAsync(transaction, [sku], cancellation);
        var item = items[sku];
        if ((StockRules.MayChange(http.Caller(), item) ?? Versions.RequireMatch(http.Request, item.Version)) is { } refused)
        {
            return Reply.Of(refused);
        }

        if (body.Quantity is { } counted)
        {
            if (body.WarehouseLocation is null && item.Places.Count > 1)
            {
                var places = string.Join(", ", item.Places.Select(place => place.Location));
                return Reply.Of(Problem.Invalid([new Finding("required", $"Say where it was counted: {places}.") { Pointer = "/warehouse_location" }]));
            }

            var location = body.WarehouseLocation ?? (item.Places.Count == 1 ? item.Places[0].Location : StockRules.DefaultLocation);
            item = await book.OpenPlaceAsync(transaction, item, location, cancellation);
            var place = item.Places.Single(place => place.Location == location);
            if (counted < place.Reserved)
            {
                return Reply.Of(StockRules.TooFew(item, place.Available, place.Quantity - counted));
            }

            items[sku] = item;
            var cause = new Cause(MovementKinds.Counted, body.Reason!, StockRules.ActorOf(http.Caller()));
            var after = await book.MoveAsync(transaction, items, [new Movement(sku, location, counted - place.Quantity, 0)], cause, cancellation);
            item = after.Count > 0 ? after[0] : item;
        }

        if (body.ReorderThreshold is { } threshold && threshold != item.Threshold)
        {
            item = await book.SetThresholdAsync(transaction, item, threshold, cancellation);
        }

        return Reply.Ok(ItemDocument.Of(item), InventoryJson.Default.ItemDocument, Versions.ETag(item.Version));
    }
}
