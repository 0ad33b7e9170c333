using System.Globalization;
using Retail.Catalog.Categories;

namespace Retail.Catalog.Searching;

/// <summary>Turns counts into facets: names for ids, ranges for buckets, and parents for categories.</summary>
internal static class FacetLabels
{
    /// <summary>In cents, where one range of prices ends and the next begins.</summary>
    public static readonly long[] PriceSteps = [1_000, 2_500, 5_000, 10_000, 25_000];

    private const int ValuesMax = 50;

    public static IReadOnlyList<Facet> Write(IReadOnlyList<FacetCount> rows, ProductFilter filter, CategoryTree tree, IReadOnlyDictionary<Guid, string> vendors)
    {
        var byField = rows.ToLookup(row => row.Field);
        return
        [
            new Facet("category", null, Categories(byField["category"], filter, tree)),
            new Facet("vendor", null, Vendors(byField["vendor"], filter, vendors)),
            new Facet("price", null, Ranges(byField["price"], filter)),
            new Facet("inStock", null, InStock(byField["inStock"], filter)),
            .. Attributes(byField["attribute"], filter),
        ];
    }

    /// <summary>What stands in a category also stands in those above it.</summary>
    private static List<FacetValue> Categories(IEnumerable<FacetCount> counts, ProductFilter filter, CategoryTree tree)
    {
        var sums = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var count in counts)
        {
            foreach (var category in tree.Path(count.Value))
            {
                sums[category.Slug] = sums.GetValueOrDefault(category.Slug) + count.Count;
            }
        }

        return [.. tree.All.Where(category => sums.ContainsKey(category.Slug) || category.Slug == filter.Category)
            .Select(category => new FacetValue(category.Slug, category.Name, sums.GetValueOrDefault(category.Slug), category.Slug == filter.Category))];
    }

    private static List<FacetValue> Vendors(IEnumerable<FacetCount> counts, ProductFilter filter, IReadOnlyDictionary<Guid, string> names)
    {
        var sums = counts.ToDictionary(count => Guid.Parse(count.Value), count => count.Count);
        return [.. sums.Keys.Union(filter.Vendors)
            .Select(id => new FacetValue(id.ToString(), names.GetValueOrDefault(id) ?? id.ToString()[^12..], sums.GetValueOrDefault(id), filter.Vendors.Contains(id)))
            .OrderByDescending(value => value.Selected).ThenByDescending(value => value.Count).ThenBy(value => value.Label, StringComparer.Ordinal).Take(ValuesMax)];
    }

    private static List<FacetValue> Ranges(IEnumerable<FacetCount> counts, ProductFilter filter)
    {
        var sums = counts.ToDictionary(count => int.Parse(count.Value, CultureInfo.InvariantCulture), count => count.Count);
        var values = new List<FacetValue>();
        for (var at = 0; at <= PriceSteps.Length; at++)
        {
            long? low = at == 0 ? null : PriceSteps[at - 1];
            long? high = at == PriceSteps.Length ? null : PriceSteps[at] - 1;
            var selected = (filter.PriceMin is not null || filter.PriceMax is not null) && (filter.PriceMin ?? 0) == (low ?? 0) && (filter.PriceMax ?? long.MaxValue) == (high ?? long.MaxValue);
            if (sums.GetValueOrDefault(at) is var count && (count > 0 || selected))
            {
                var name = $"{Euros(low)}-{Euros(high)}";
                values.Add(new FacetValue(name, name, count, selected, low / 100m, high / 100m));
            }
        }

        return values;
    }

    private static List<FacetValue> InStock(IEnumerable<FacetCount> counts, ProductFilter filter)
    {
        var sums = counts.ToDictionary(count => count.Value == "true", count => count.Count);
        return [.. new[] { true, false }.Where(value => sums.ContainsKey(value) || filter.InStock == value)
            .Select(value => new FacetValue(value ? "true" : "false", value ? "In stock" : "Out of stock", sums.GetValueOrDefault(value), filter.InStock == value))];
    }

    private static IEnumerable<Facet> Attributes(IEnumerable<FacetCount> counts, ProductFilter filter)
    {
        var chosen = filter.Attributes.ToDictionary(attribute => attribute.Key, attribute => attribute.ToHashSet(StringComparer.Ordinal));
        var byName = counts.Select(count => (Pair: count.Value.Split('=', 2), count.Count)).ToLookup(item => item.Pair[0], item => (Value: item.Pair[1], item.Count));
        foreach (var name in byName.Select(group => group.Key).Union(chosen.Keys).OrderByDescending(name => byName[name].Sum(item => item.Count)).ThenBy(name => name, StringComparer.Ordinal))
        {
            var selected = chosen.GetValueOrDefault(name) ?? [];
            var values = byName[name].Concat(selected.Except(byName[name].Select(item => item.Value)).Select(value => (Value: value, Count: 0L)));
            yield return new Facet("attributes", name, [.. values
                .Select(item => new FacetValue(item.Value, item.Value, item.Count, selected.Contains(item.Value)))
                .OrderByDescending(value => value.Selected).ThenByDescending(value => value.Count).ThenBy(value => value.Value, StringComparer.Ordinal).Take(ValuesMax)]);
        }
    }

    private static string Euros(long? minor) => minor is null ? "" : (minor.Value / 100m).ToString("0.##", CultureInfo.InvariantCulture);
}
