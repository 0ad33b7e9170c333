using System.Diagnostics.Metrics;

namespace Retail.Catalog.Searching;

/// <summary>How people look for things, and how often they find nothing.</summary>
internal sealed class SearchMetrics(Meter meter)
{
    private readonly Counter<long> _asked = meter.CreateCounter<long>("catalog.lists", "{list}", "Lists and searches that were asked for.");
    private readonly Counter<long> _outcomes = meter.CreateCounter<long>("catalog.search.outcomes", "{search}", "Searches with words that were read from the database: found, corrected or nothing.");

    public void Asked(bool search) => _asked.Add(1, new KeyValuePair<string, object?>("kind", search ? "search" : "browse"));

    public void Found(bool search, Listed listed)
    {
        if (search && listed.Words.Count > 0)
        {
            var outcome = listed.Products.Count == 0 ? "nothing" : listed.Words.Any(word => word.Similar.Count > 0) ? "corrected" : "found";
            _outcomes.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }
}
