using System.Globalization;

namespace Retail.Catalog.Live;

/// <summary>What is told after a commit, in this instance and to the others: which product, what of it, and which lists it is in.</summary>
/// <param name="ProductId">Empty for what concerns everything, such as categories or a load of many products.</param>
/// <param name="Categories">Categories whose lists it entered, left or moved in; those above them included.</param>
internal sealed record ProductNotice(Guid ProductId, NoticeKind Kind, IReadOnlyList<string> Categories)
{
    public static ProductNotice Everything { get; } = new(Guid.Empty, NoticeKind.Everything, []);

    public string Write() => $"{(int)Kind}|{ProductId:N}|{string.Join(',', Categories)}";

    /// <summary>Everything for what cannot be read: then nothing is kept that might be old.</summary>
    public static ProductNotice Read(string text)
    {
        var parts = text.Split('|');
        return parts.Length == 3
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var kind)
            && Enum.IsDefined((NoticeKind)kind)
            && Guid.TryParseExact(parts[1], "N", out var id)
                ? new ProductNotice(id, (NoticeKind)kind, parts[2].Split(',', StringSplitOptions.RemoveEmptyEntries))
                : Everything;
    }
}

internal enum NoticeKind
{
    Everything,
    Created,
    Changed,
    Price,
    Stock,
    Deleted,
}
