using System.Globalization;
using Retail.Catalog.Categories;

namespace Retail.Catalog.Searching;

/// <summary>One thing a list was narrowed by, and the facet that offers it.</summary>
internal sealed record Condition(string Facet, string Sql);

/// <summary>A filter as SQL over <c>products p</c>. What was typed and what is never shown stands apart from what facets offer.</summary>
internal sealed class Conditions
{
    public const string CategoryFacet = "category";

    private readonly List<object?> _values = [];
    private readonly List<Condition> _chosen = [];

    public Conditions(ProductFilter filter, CategoryTree tree, IReadOnlyList<LookedUpWord> words)
    {
        var fixedOnes = new List<string> { "p.deleted_at is null" };
        if (filter.Active is { } active)
        {
            fixedOnes.Add(active ? "p.active" : "not p.active");
        }

        if (filter.Text is { Length: > 0 })
        {
            if (TextQuery.Write(words, _values) is { } query)
            {
                (Prelude, Match) = (TextQuery.Once(query), TextQuery.Reference);
            }

            fixedOnes.Add(Match is null ? "false" : $"p.search @@ {Match}");
        }

        Fixed = string.Join(" and ", fixedOnes);
        if (filter.CategoriesOf(tree) is { } categories)
        {
            Categories = Value(categories);
            Choose(CategoryFacet, $"p.category = any({Categories})");
        }

        if (filter.Vendors.Count > 0)
        {
            Choose("vendor", $"p.vendor_id = any({Value(filter.Vendors)})");
        }

        if (filter.PriceMin is not null || filter.PriceMax is not null)
        {
            Choose("price", $"p.price_minor between {Value(filter.PriceMin ?? 0L)} and {Value(filter.PriceMax ?? long.MaxValue)}");
        }

        if (filter.InStock is { } inStock)
        {
            Choose("inStock", inStock ? "p.in_stock" : "not p.in_stock");
        }

        foreach (var attribute in filter.Attributes)
        {
            Choose("=" + attribute.Key, $"p.traits && {Value(attribute.Select(value => $"{attribute.Key}={value}"))}");
        }
    }

    /// <summary>What has to stand before a question that uses <see cref="Match"/>.</summary>
    public string Prelude { get; } = "";

    /// <summary>The typed text as a query; null when none was typed or nothing can be found.</summary>
    public string? Match { get; }

    public string Fixed { get; }

    /// <summary>The parameter that holds the categories; null when all are wanted.</summary>
    public string? Categories { get; }

    public IReadOnlyList<Condition> Chosen => _chosen;

    public string All => Except(null);

    public object?[] Values => [.. _values];

    /// <summary>Everything but what was chosen in one facet.</summary>
    public string Except(string? facet) => string.Join(" and ", _chosen.Where(condition => condition.Facet != facet).Select(condition => condition.Sql).Prepend(Fixed));

    public string Value(object value)
    {
        _values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"${_values.Count}");
    }

    private void Choose(string facet, string sql) => _chosen.Add(new Condition(facet, sql));
}
