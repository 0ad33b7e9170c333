using System.Globalization;
using Npgsql;
using Slipway.Sdk.Database;
using Slipway.Sdk.Paging;
using Slipway.Sdk.Problems;
using Todo.Api.Endpoints;
using Todo.Api.Searching;
using Todo.Api.Todos;

namespace Todo.Api.Listing;

/// <summary>
/// Lists of todos by keyset. A person's own todos are one range of an index; each shared list is another, asked for separately, so that
/// every branch stops after one page however much there is.
/// </summary>
internal sealed class TodoListing(Database database, Cursors cursors, SearchLanguages languages, TimeProvider time)
{
    private const int CountMax = 10_000;
    private const int FacetValuesMax = 100;

    public async Task<Outcome<TodoPage>> ReadAsync(Guid person, TodoQuery query, CancellationToken cancellation)
    {
        if (!cursors.Read(query.Page, query.Binding(person)).Is(out var keys, out var problem))
        {
            return problem;
        }

        return await database.ReadAsync(
            async (connection, token) =>
            {
                var (items, next, prev) = await PageAsync(connection, person, query, keys, token);
                var total = query.Count ? await CountAsync(connection, person, query.Filter, token) : null;
                var facets = query.Facets.Count > 0 ? await FacetsAsync(connection, person, query, token) : null;
                return new TodoPage(items, new Page(query.Page.Limit, next, prev, total), facets);
            },
            cancellation);
    }

    /// <summary>Every todo the filter lets through, for files; bounded by the caller.</summary>
    public Task<List<TodoState>> AllAsync(Guid person, TodoFilter filter, int max, CancellationToken cancellation)
    {
        var conditions = new TodoConditions(person, time.GetUtcNow(), languages);
        var where = conditions.Of(filter);
        return database.ReadAsync(
            (connection, token) => connection.Command(
                $"select {TodoRows.Columns} from todos t where {Visible} and {where} order by t.position, t.id limit {conditions.Value(max)}",
                conditions.Values).ListAsync(TodoRows.Read, token),
            cancellation);
    }

    /// <summary>What the person may see: own lists and those of others in which they are a member.</summary>
    private const string Visible = "(t.user_id = $1 or t.list_id = any(array(select list_id from list_members where user_id = $1 and role <> 'owner')))";

    private async Task<(List<TodoDocument> Items, string? Next, string? Prev)> PageAsync(
        NpgsqlConnection connection, Guid person, TodoQuery query, string[] keys, CancellationToken cancellation)
    {
        var page = query.Page;
        var backwards = keys is ["p", ..];
        var descending = page.Descending != backwards;
        var conditions = new TodoConditions(person, time.GetUtcNow(), languages);
        var order = TodoOrder.Of(page.Sort, page.Descending);
        var where = conditions.Of(query.Filter);
        if (keys.Length == 3)
        {
            where += string.Create(
                CultureInfo.InvariantCulture,
                $" and ({order.Key}, t.id) {(descending ? "<" : ">")} ({conditions.Value(keys[1])}::text::{order.Type}, {conditions.Value(keys[2])}::text::uuid)");
        }

        var direction = descending ? "desc" : "asc";
        var limit = conditions.Value(page.Limit + 1);
        var slice = $"order by {order.Key} {direction}, t.id {direction} limit {limit}";
        var rows = await connection.Command(
            $"""
            select {TodoRows.Columns}, s.total, s.done, t.key::text from (
                (select {TodoRows.Columns}, {order.Key} as key from todos t where t.user_id = $1 and {where} {slice})
                union all
                (select o.* from list_members m cross join lateral
                    (select {TodoRows.Columns}, {order.Key} as key from todos t where t.list_id = m.list_id and {where} {slice}) o
                where m.user_id = $1 and m.role <> 'owner')
            ) t cross join lateral (
                select count(*)::int as total, (count(*) filter (where c.completed))::int as done
                from todos c where c.parent_id = t.id and c.deleted_at is null) s
            order by t.key {direction}, t.id {direction} limit {limit}
            """,
            conditions.Values).ListAsync(
                row => (Todo: TodoDocuments.Of(TodoRows.Read(row), new SubtaskCount(row.GetInt32(22), row.GetInt32(23))), Key: row.GetString(24)),
                cancellation);
        var more = rows.Count > page.Limit;
        if (more)
        {
            rows.RemoveAt(rows.Count - 1);
        }

        if (backwards)
        {
            rows.Reverse();
        }

        string? Cursor(string side, int index) =>
            cursors.Write(page, query.Binding(person), side, rows[index].Key, rows[index].Todo.Id.ToString());
        var hasNext = rows.Count > 0 && (backwards || more);
        var hasPrev = rows.Count > 0 && (backwards ? more : keys.Length > 0);
        return ([.. rows.Select(row => row.Todo)], hasNext ? Cursor("n", rows.Count - 1) : null, hasPrev ? Cursor("p", 0) : null);
    }

    /// <summary>Counting further than somebody looks would cost everybody; beyond the limit the number is a lower bound.</summary>
    private async Task<PageTotal?> CountAsync(NpgsqlConnection connection, Guid person, TodoFilter filter, CancellationToken cancellation)
    {
        var conditions = new TodoConditions(person, time.GetUtcNow(), languages);
        var where = conditions.Of(filter);
        var count = await connection.Command(
            $"select count(*) from (select 1 from todos t where {Visible} and {where} limit {conditions.Value(CountMax + 1)}) rows", conditions.Values)
            .OneAsync(row => row.GetInt64(0), cancellation);
        return new PageTotal(Math.Min(count, CountMax), count <= CountMax);
    }

    private async Task<List<Facet>> FacetsAsync(NpgsqlConnection connection, Guid person, TodoQuery query, CancellationToken cancellation)
    {
        var facets = new List<Facet>();
        foreach (var field in query.Facets)
        {
            var conditions = new TodoConditions(person, time.GetUtcNow(), languages);
            var where = conditions.Of(query.Filter, without: field);
            var (value, from) = field switch
            {
                "tags" => ("tag", "todos t cross join lateral unnest(t.tags) as tag"),
                "category" => ("t.category", "todos t"),
                _ => ("t.priority::text", "todos t"),
            };
            var counted = await connection.Command(
                $"""
                select {value}, count(*) from {from} where {Visible} and {where} and {value} is not null
                group by 1 order by 2 desc, 1 limit {conditions.Value(FacetValuesMax)}
                """,
                conditions.Values).ListAsync(row => (Value: row.GetString(0), Count: row.GetInt64(1)), cancellation);
            facets.Add(new Facet(field, Values(field, query.Filter, counted)));
        }

        return facets;
    }

    private static List<FacetValue> Values(string field, TodoFilter filter, List<(string Value, long Count)> counted)
    {
        var selected = field switch
        {
            "tags" => filter.Tags,
            "category" => filter.Categories,
            _ => [.. filter.Priorities.Select(TodoDocuments.Name)],
        };
        var named = counted.Select(item => (
            Value: field == "priority" ? TodoDocuments.Name((Priority)int.Parse(item.Value, CultureInfo.InvariantCulture)) : item.Value, item.Count)).ToList();
        var missing = selected.Where(value => named.TrueForAll(item => item.Value != value)).Select(value => (Value: value, Count: 0L));
        return [.. named.Concat(missing).Select(item => new FacetValue(item.Value, item.Value, item.Count, selected.Contains(item.Value)))];
    }
}
