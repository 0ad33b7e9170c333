using System.Globalization;

namespace Retail.Catalog.Searching;

/// <summary>
/// What facets are counted from. With words, everything that fits them is looked at once and each choice is noted beside it. Without
/// words that would be the whole catalogue, so what was chosen narrows it first, and a facet with a choice of its own looks once more
/// without that.
/// </summary>
internal sealed class FacetSource(Conditions conditions, int hitsMax)
{
    private const string Columns = "p.id, p.category, p.vendor_id, p.price_minor, p.in_stock, p.traits";

    private readonly bool _typed = conditions.Match is not null;

    /// <summary>Everything that was chosen.</summary>
    public string All => Without(null);

    public string Hits(string rank) => string.Create(
        CultureInfo.InvariantCulture,
        $"hits as materialized (select {Columns}, {rank} as rank{Flags()} from products p where {(_typed ? conditions.Fixed : conditions.All)} limit {hitsMax + 1})");

    /// <summary>Everything that was chosen, but not in this facet.</summary>
    public string Without(string? facet)
    {
        var isChosen = facet is not null && conditions.Chosen.Any(condition => condition.Facet == facet);
        if (!_typed)
        {
            // How many there are in other categories is known exactly for little; everything else from as many as are looked at at all.
            var limit = facet == Conditions.CategoryFacet ? "" : string.Create(CultureInfo.InvariantCulture, $" limit {hitsMax + 1}");
            return isChosen || facet == Conditions.CategoryFacet ? $"(select {Columns} from products p where {conditions.Except(facet)}{limit}) h" : "hits h";
        }

        var flags = conditions.Chosen.Select((condition, at) => (condition.Facet, Name: Flag(at))).Where(flag => flag.Facet != facet).Select(flag => flag.Name).ToList();
        return flags.Count == 0 ? "hits h" : $"(select * from hits where {string.Join(" and ", flags)}) h";
    }

    private string Flags() => _typed ? string.Concat(conditions.Chosen.Select((condition, at) => $", ({condition.Sql}) as {Flag(at)}")) : "";

    private static string Flag(int at) => string.Create(CultureInfo.InvariantCulture, $"f{at}");
}
