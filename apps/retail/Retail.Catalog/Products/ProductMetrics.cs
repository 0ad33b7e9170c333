using System.Diagnostics.Metrics;
using Retail.Catalog.Live;

namespace Retail.Catalog.Products;

/// <summary>Counts what happens to products. Kinds are words of this program, so there are only so many series.</summary>
internal sealed class ProductMetrics(Meter meter)
{
    private readonly Counter<long> _changes = meter.CreateCounter<long>("catalog.products.changes", "{change}", "Committed changes of products, by kind.");

    public void Count(IReadOnlyList<ProductNotice> notices)
    {
        foreach (var notice in notices)
        {
            _changes.Add(1, new KeyValuePair<string, object?>("kind", notice.Kind switch
            {
                NoticeKind.Created => "created",
                NoticeKind.Price => "price",
                NoticeKind.Stock => "stock",
                NoticeKind.Deleted => "deleted",
                _ => "changed",
            }));
        }
    }
}
