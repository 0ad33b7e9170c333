using Microsoft.AspNetCore.Http;
using Retail.Catalog.Endpoints;
using Retail.Catalog.Products;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Retail.Catalog.Transfer;

/// <summary>
/// Takes over a file product by product: each is written whole or not at all. SKUs say which product is meant, so a file that was
/// interrupted, or sent twice, is simply sent again.
/// </summary>
internal sealed class Importing(Writings writings, ProductBook book, TimeProvider time)
{
    /// <summary>So many share a transaction: few enough that nobody waits long for a lock.</summary>
    private const int Together = 50;

    private const int RejectedTold = 1_000;

    public async Task<ImportReport> RunAsync(HttpContext http, IReadOnlyList<ImportItem> items, CancellationToken cancellation)
    {
        var tally = new Tally();
        foreach (var chunk in items.Chunk(Together))
        {
            var results = await writings.RunAsync(http, http.Caller().Subject, (writing, token) => TakeAsync(writing, http.Caller(), chunk, token), cancellation);
            tally.Add(results);
        }

        return new ImportReport(items.Count, tally.Created, tally.Updated, tally.Unchanged, tally.RejectedCount, tally.Rejected);
    }

    private async Task<List<Result>> TakeAsync(Writing writing, Caller caller, ImportItem[] chunk, CancellationToken cancellation)
    {
        var results = new List<Result>();
        foreach (var item in chunk)
        {
            await writing.Transaction.SaveAsync("product", cancellation);
            var result = await TakeAsync(writing, caller, item, cancellation);
            if (result.Errors.Count > 0)
            {
                await writing.Transaction.RollbackAsync("product", cancellation);
            }

            await writing.Transaction.ReleaseAsync("product", cancellation);
            results.Add(result);
        }

        return results;
    }

    private async Task<Result> TakeAsync(Writing writing, Caller caller, ImportItem item, CancellationToken cancellation)
    {
        if (item.Body is not { } body)
        {
            return new Result(item.Row, null, "rejected", item.Errors);
        }

        if (!ProductRules.Check(body, madeSku: null).Is(out var content, out var problem))
        {
            return Rejected(item, problem);
        }

        var known = await writing.Transaction.Command("select product_id from variants where sku = $1", content.Variants[0].Sku).OneAsync(row => (Guid?)row.GetGuid(0), cancellation);
        if (known is { } id)
        {
            var before = 0L;
            var changed = await book.ChangeAsync(
                writing, id, caller,
                product =>
                {
                    before = product.Version;
                    return null;
                },
                existing => ProductMerging.Replace(existing, content, body),
                cancellation);
            return changed.Is(out var product, out problem)
                ? new Result(item.Row, product.Default.Sku, product.Version == before ? "unchanged" : "updated", [])
                : Rejected(item, problem);
        }

        if (!Sellers.NameFor(caller, body.VendorId).Is(out var vendor, out problem))
        {
            return Rejected(item, problem);
        }

        var created = await book.CreateAsync(writing, Guid.CreateVersion7(time.GetUtcNow()), vendor, content, cancellation);
        return created.Is(out var made, out problem) ? new Result(item.Row, made.Default.Sku, "created", []) : Rejected(item, problem);
    }

    private static Result Rejected(ImportItem item, Problem problem) => new(
        item.Row, item.Body?.Sku ?? item.Body?.Variants?.FirstOrDefault()?.Sku, "rejected",
        problem.Errors.Count > 0 ? problem.Errors : [new Finding(problem.Code, problem.Detail) { Pointer = "" }]);

    private sealed record Result(int Row, string? Sku, string Outcome, IReadOnlyList<Finding> Errors);

    private sealed class Tally
    {
        public int Created { get; private set; }

        public int Updated { get; private set; }

        public int Unchanged { get; private set; }

        public int RejectedCount { get; private set; }

        public List<RejectedRow> Rejected { get; } = [];

        public void Add(IReadOnlyList<Result> results)
        {
            foreach (var result in results)
            {
                (Created, Updated, Unchanged, RejectedCount) = result.Outcome switch
                {
                    "created" => (Created + 1, Updated, Unchanged, RejectedCount),
                    "updated" => (Created, Updated + 1, Unchanged, RejectedCount),
                    "unchanged" => (Created, Updated, Unchanged + 1, RejectedCount),
                    _ => (Created, Updated, Unchanged, RejectedCount + 1),
                };
                if (result.Errors.Count > 0 && Rejected.Count < RejectedTold)
                {
                    Rejected.Add(new RejectedRow(result.Row, result.Sku, [.. result.Errors.Select(error => new RowError(error.Pointer ?? "", error.Code, error.Detail))]));
                }
            }
        }
    }
}
