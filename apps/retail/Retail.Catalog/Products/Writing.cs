using Npgsql;
using Retail.Catalog.Categories;
using Retail.Catalog.Live;
using Slipway.Sdk.Auditing;

namespace Retail.Catalog.Products;

/// <summary>One write while it runs: its transaction, who does it and when, and what is to be told once it is committed.</summary>
internal sealed class Writing(NpgsqlTransaction transaction, CategoryTree tree, string by, DateTimeOffset now, Func<string, string, AuditEntry> audit)
{
    private readonly List<ProductNotice> _notices = [];
    private readonly List<AuditEntry> _audits = [];

    public NpgsqlTransaction Transaction => transaction;

    public CategoryTree Tree => tree;

    /// <summary>Whom the price history names.</summary>
    public string By => by;

    public DateTimeOffset Now => now;

    public IReadOnlyList<ProductNotice> Notices => _notices;

    public IReadOnlyList<AuditEntry> Audits => _audits;

    /// <param name="before">Its category before, so that the lists it left are read anew too.</param>
    public void Tell(NoticeKind kind, Product product, string? before, IReadOnlyList<AuditChange> changes)
    {
        var categories = tree.Path(product.Content.Category).Concat(before is null ? [] : tree.Path(before)).Select(category => category.Slug).Distinct();
        _notices.Add(new ProductNotice(product.Id, kind, [.. categories]));
        _audits.Add(audit(ActionOf(kind), product.Id.ToString()) with { Changes = changes });
    }

    private static string ActionOf(NoticeKind kind) => kind switch
    {
        NoticeKind.Created => "product.created",
        NoticeKind.Price => "product.priced",
        NoticeKind.Deleted => "product.deleted",
        _ => "product.updated",
    };
}
