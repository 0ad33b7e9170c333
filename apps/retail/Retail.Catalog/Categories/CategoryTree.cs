namespace Retail.Catalog.Categories;

/// <summary>All categories as they hang together. Never changes; a changed shop has a new tree.</summary>
internal sealed class CategoryTree
{
    /// <summary>A deeper tree is not browsed by anybody; also what ends a walk through a ring.</summary>
    public const int DepthMax = 6;

    private readonly Dictionary<string, Category> _bySlug;
    private readonly ILookup<string, Category> _children;

    public CategoryTree(IEnumerable<Category> categories)
    {
        All = [.. categories.OrderBy(category => category.Position).ThenBy(category => category.Slug, StringComparer.Ordinal)];
        _bySlug = All.ToDictionary(category => category.Slug, StringComparer.Ordinal);
        _children = All.ToLookup(category => category.Parent ?? "", StringComparer.Ordinal);
    }

    public static CategoryTree Empty { get; } = new([]);

    public IReadOnlyList<Category> All { get; }

    public Category? Find(string slug) => _bySlug.GetValueOrDefault(slug);

    /// <summary>From the root down to the category itself; empty for one nobody knows.</summary>
    public IReadOnlyList<Category> Path(string slug)
    {
        var path = new List<Category>();
        for (var at = Find(slug); at is not null && path.Count < DepthMax; at = at.Parent is null ? null : Find(at.Parent))
        {
            path.Insert(0, at);
        }

        return path;
    }

    /// <summary>The category and everything below it.</summary>
    public IReadOnlyList<string> Below(string slug)
    {
        var found = new List<string>();
        Collect(slug, 0, found);
        return found;
    }

    /// <summary>Null when the category may hang there.</summary>
    public string? Refuse(string slug, string parent)
    {
        if (Find(parent) is null)
        {
            return $"There is no category {parent}.";
        }

        if (Below(slug).Contains(parent))
        {
            return $"{parent} is the category itself or lies below it.";
        }

        return Path(parent).Count + Height(slug, 0) > DepthMax ? $"Categories may be at most {DepthMax} deep." : null;
    }

    private int Height(string slug, int depth) =>
        depth > DepthMax ? depth : 1 + _children[slug].Select(child => Height(child.Slug, depth + 1)).DefaultIfEmpty(0).Max();

    private void Collect(string slug, int depth, List<string> found)
    {
        if (depth > DepthMax)
        {
            return;
        }

        found.Add(slug);
        foreach (var child in _children[slug])
        {
            Collect(child.Slug, depth + 1, found);
        }
    }
}
