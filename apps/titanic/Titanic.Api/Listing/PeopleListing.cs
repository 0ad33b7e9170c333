using System.Globalization;
using Npgsql;
using Slipway.Sdk.Paging;
using Slipway.Sdk.Problems;
using Titanic.Api.People;
using Titanic.Api.Tenants;

namespace Titanic.Api.Listing;

/// <summary>A piece of a list, with what leads to its neighbours.</summary>
internal sealed record PeoplePage(IReadOnlyList<Person> Items, string? Next, string? Prev, PageTotal? Total);

/// <summary>Lists of people by keyset: each page is one stretch of an index, however far behind it lies.</summary>
internal sealed class PeopleListing(TenantData data, Cursors cursors)
{
    private const int CountMax = 100_000;

    /// <summary>
    /// How many rows are wanted is written into the statement, in few steps: the planner only walks along an index where it knows that little
    /// is wanted, and few different statements stay prepared.
    /// </summary>
    private static readonly int[] s_steps = [11, 21, 51, 101, 201];

    public async Task<Outcome<PeoplePage>> ReadAsync(Tenant tenant, PeopleQuery query, CancellationToken cancellation)
    {
        var binding = $"{tenant.Name}|{query.Filter.Binding()}";
        if (!cursors.Read(query.Page, binding).Is(out var keys, out var problem))
        {
            return problem;
        }

        if (keys.Length is not (0 or 3))
        {
            return new Problem(400, "cursorMismatch", "The cursor belongs to another list", "Use a cursor only with the order and filters it came with, and unchanged.");
        }

        var (questions, backwards) = Questions(query, keys);
        return await data.ReadAsync(
            tenant,
            "list",
            questions,
            async (reader, token) =>
            {
                var rows = await RowsAsync(reader, query.Page.Limit + 1, token);
                return Page(query, binding, keys, backwards, rows, query.Count ? await TotalAsync(reader, token) : null);
            },
            cancellation);
    }

    private PeoplePage Page(PeopleQuery query, string binding, string[] keys, bool backwards, List<(Person Person, string NameKey)> rows, PageTotal? total)
    {
        var more = rows.Count > query.Page.Limit;
        if (more)
        {
            rows.RemoveAt(rows.Count - 1);
        }

        if (backwards)
        {
            rows.Reverse();
        }

        if (query.PageNumber is not null)
        {
            return new PeoplePage([.. rows.Select(row => row.Person)], null, null, total);
        }

        var order = PeopleOrder.Of(query.Page.Sort);
        string Cursor(string side, (Person Person, string NameKey) row) => cursors.Write(
            query.Page, binding, side, query.Page.Sort == "name" ? row.NameKey : order.Key(row.Person), PersonRows.Number(row.Person.PassengerId));
        var hasNext = rows.Count > 0 && (backwards || more);
        var hasPrev = rows.Count > 0 && (backwards ? more : keys.Length > 0);
        return new PeoplePage([.. rows.Select(row => row.Person)], hasNext ? Cursor("n", rows[^1]) : null, hasPrev ? Cursor("p", rows[0]) : null, total);
    }

    /// <summary>Page and number together, in one journey.</summary>
    private static (Question[] Questions, bool Backwards) Questions(PeopleQuery query, string[] keys)
    {
        var backwards = keys is ["p", ..];
        var descending = query.Page.Descending != backwards;
        var order = PeopleOrder.Of(query.Page.Sort);
        var conditions = new PeopleConditions(query.Filter);
        var counted = query.Count ? new Question($"select count(*) from (select 1 from people p where {conditions.All} limit {CountMax + 1}) n", conditions.Values) : null;
        var byNumber = order.Column == "p.passenger_id";
        if (keys.Length == 3)
        {
            var (than, last) = (descending ? "<" : ">", $"{conditions.Value(keys[2])}::text::int");
            conditions.Add(byNumber ? $"p.passenger_id {than} {last}" : $"({order.Column}, p.passenger_id) {than} ({conditions.Value(keys[1])}::text::{order.Type}, {last})");
        }

        var direction = descending ? "desc" : "asc";
        var sort = byNumber ? $"p.passenger_id {direction}" : $"{order.Column} {direction}, p.passenger_id {direction}";
        var skip = query.PageNumber is { } number ? (number - 1) * query.Page.Limit : 0;
        var sql = string.Create(
            CultureInfo.InvariantCulture,
            $"select {PersonRows.Columns}{(query.Page.Sort == "name" ? ", p.name_order" : "")} from people p where {conditions.All} order by {sort} limit {Step(query.Page.Limit + 1)}{(skip > 0 ? $" offset {skip}" : "")}");
        var page = new Question(sql, conditions.Values);
        return (counted is null ? [page] : [page, counted], backwards);
    }

    private static async Task<List<(Person Person, string NameKey)>> RowsAsync(NpgsqlDataReader reader, int max, CancellationToken cancellation)
    {
        var rows = new List<(Person, string)>(max);
        var named = reader.FieldCount > PersonRows.Count;
        while (rows.Count < max && await reader.ReadAsync(cancellation))
        {
            rows.Add((PersonRows.Read(reader), named ? reader.GetString(PersonRows.Count) : ""));
        }

        return rows;
    }

    private static async Task<PageTotal> TotalAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        await reader.NextResultAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var total = reader.GetInt64(0);
        return new PageTotal(Math.Min(total, CountMax), total <= CountMax);
    }

    private static int Step(int rows) => Array.Find(s_steps, step => step >= rows) is var step and > 0 ? step : rows;
}
