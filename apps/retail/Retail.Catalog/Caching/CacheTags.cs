namespace Retail.Catalog.Caching;

/// <summary>What an answer depends on. Whoever changes that names the same tags.</summary>
internal static class CacheTags
{
    /// <summary>Lists over all categories.</summary>
    public const string AnyCategory = "category:*";

    public static string Product(Guid id) => $"product:{id:N}";

    public static string Category(string slug) => $"category:{slug}";
}
