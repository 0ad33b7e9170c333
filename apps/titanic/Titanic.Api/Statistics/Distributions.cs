using Slipway.Sdk.Database;
using Titanic.Api.Listing;
using Titanic.Api.Tenants;

namespace Titanic.Api.Statistics;

/// <summary>A step of a distribution: from, up to but without (the last one with), and how many are in it and survived.</summary>
internal sealed record HistogramBin(decimal From, decimal To, long Count, long Survived);

/// <param name="Unknown">How many have no such value.</param>
internal sealed record HistogramDocument(string Of, IReadOnlyList<HistogramBin> Bins, long Unknown);

/// <param name="AtRisk">How many are of this age, or paid this fare, or more.</param>
/// <param name="Died">Of those of exactly this age or fare.</param>
/// <param name="Survived">Of those at risk.</param>
internal sealed record SurvivalStep(decimal At, long AtRisk, long Died, long Survived, decimal Share);

/// <param name="Group">The value of what was told apart, or null for everybody.</param>
internal sealed record SurvivalCurve(string? Group, IReadOnlyList<SurvivalStep> Steps);

internal sealed record SurvivalDocument(string By, string? Group, IReadOnlyList<SurvivalCurve> Curves);

/// <summary>How ages and fares are spread, and how survival goes with them.</summary>
internal sealed class Distributions(TenantData data)
{
    private const int StepsMax = 2_000;

    public async Task<HistogramDocument> HistogramAsync(Tenant tenant, PeopleFilter filter, string of, int bins, CancellationToken cancellation)
    {
        var (column, scale) = ColumnOf(of);
        var conditions = new PeopleConditions(filter);
        var count = conditions.Value(bins);
        var rows = await data.ListAsync(
            tenant,
            "histogram",
            new Question(
                $"""
                with v as (select {column}::bigint as value, p.survived from people p where {conditions.All}),
                     b as (select coalesce(min(value), 0) as low, greatest(coalesce(max(value), 0), coalesce(min(value), 0) + 1) as high from v)
                select case when value is not null then least((value - b.low) * {count} / (b.high - b.low), {count} - 1)::int end, count(*), count(*) filter (where v.survived), min(b.low), max(b.high)
                from v, b group by 1 order by 1
                """,
                conditions.Values),
            row => (Bin: row.OrNull<int>(0), Count: row.GetInt64(1), Survived: row.GetInt64(2), Low: row.GetInt64(3), High: row.GetInt64(4)), cancellation);
        if (rows.Count == 0)
        {
            return new HistogramDocument(of, [], 0);
        }

        var (low, high) = (rows[0].Low / scale, rows[0].High / scale);
        var known = rows.Where(row => row.Bin is not null).ToDictionary(row => row.Bin!.Value);
        return new HistogramDocument(
            of,
            [.. Enumerable.Range(0, bins).Select(at => new HistogramBin(
                Edge(at), Edge(at + 1), known.TryGetValue(at, out var row) ? row.Count : 0, known.TryGetValue(at, out row) ? row.Survived : 0))],
            rows.Where(row => row.Bin is null).Sum(row => row.Count));

        decimal Edge(int at) => Math.Round(low + ((high - low) * at / bins), 4);
    }

    /// <summary>For every value that somebody has: how many have it or more, and which share of those survived.</summary>
    public async Task<SurvivalDocument> SurvivalAsync(Tenant tenant, PeopleFilter filter, string by, Grouping? group, CancellationToken cancellation)
    {
        var (column, scale) = ColumnOf(by);
        var conditions = new PeopleConditions(filter);
        conditions.Add($"{column} is not null");
        var key = group is null ? "null::text" : $"({group.Sql})::text";
        var rows = await data.ListAsync(
            tenant,
            "survival",
            new Question(
                $"""
                select key, value, sum(count) over w, died, sum(survived) over w from (
                    select {key} as key, ({column})::bigint as value, count(*) as count, count(*) filter (where not p.survived) as died, count(*) filter (where p.survived) as survived
                    from people p where {conditions.All} group by 1, 2) s
                window w as (partition by key order by value desc) order by key nulls first, value limit {StepsMax}
                """,
                conditions.Values),
            row => (Key: row.IsDBNull(0) ? null : row.GetString(0), Value: row.GetInt64(1), AtRisk: (long)row.GetDecimal(2), Died: row.GetInt64(3), Survived: (long)row.GetDecimal(4)), cancellation);
        return new SurvivalDocument(
            by,
            group?.Name,
            [.. rows.GroupBy(row => row.Key).Select(curve => new SurvivalCurve(
                curve.Key,
                [.. curve.Select(row => new SurvivalStep(row.Value / scale, row.AtRisk, row.Died, row.Survived, Math.Round((decimal)row.Survived / row.AtRisk, 4)))]))]);
    }

    private static (string Column, decimal Scale) ColumnOf(string name) => name == "age" ? ("p.age", 100m) : ("p.fare", 10_000m);
}

