using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Todo.Api.Changes;
using Todo.Api.Endpoints.Todos;
using Todo.Api.Listing;
using Todo.Api.Todos;

namespace Todo.Api.Endpoints.Documented;

/// <summary>The caller's own todos by numbered pages, newest first, and the categories they are in.</summary>
internal static class PlainListing
{
    private const int PageMax = 1000;
    private const int PageSizeMax = 100;
    private const string Own = "t.user_id = $1 and t.deleted_at is null";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/todos", ListAsync).WithName("plainListTodos").WithSummary("The own todos by numbered pages.").Requires("todo.todos:read")
            .Takes("page", "From 1.", "integer")
            .Takes("pageSize", "Up to 100, 20 unless said otherwise.", "integer")
            .Takes("category", "Only this one.")
            .Takes("completed", "Only done, or only open ones.", "boolean")
            .Takes("dueBefore", "Due before this day or moment.")
            .Takes("sort", "createdAt, updatedAt, dueDate, title or priority, with a leading minus for descending.")
            .Produces<PlainPage>(200);
        app.MapGet("/todos/categories", CategoriesAsync).WithName("plainCategories").WithSummary("The own categories.").Requires("todo.todos:read")
            .Produces<PlainCategories>(200);
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, [FromServices] Database database, [FromServices] LastKnown lastKnown, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var (page, size) = (query.Number("page", 1, PageMax) ?? 1, query.Number("pageSize", 1, PageSizeMax) ?? 20);
        var order = OrderOf(query);
        var actor = Actor.Of(http);
        var values = new List<object?> { actor.Id };
        var where = Own + Narrowed(query, values);
        if (query.Problem() is { } problem)
        {
            return problem.ToResult();
        }

        return await lastKnown.ReadAsync(http, actor, async () =>
        {
            var total = 0L;
            var items = await database.ReadAsync(
                (connection, token) => connection.Command(PageSql(where, order, values.Count), [.. values, size, (page - 1) * size]).ListAsync(
                    row =>
                    {
                        total = row.GetInt64(22);
                        return row.IsDBNull(0) ? null : PlainTodo.Of(TodoRows.Read(row));
                    },
                    token),
                cancellation);
            return Reply.Ok(new PlainPage([.. items.OfType<PlainTodo>()], page, size, total), TodoJson.Default.PlainPage);
        });
    }

    /// <summary>Number and page in one question, as this is the call that is made most; the number comes also when the page is empty.</summary>
    private static string PageSql(string where, string order, int values) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        select {TodoRows.Columns}, c.total from (select count(*) as total from todos t where {where}) c left join lateral
            (select {TodoRows.Columns}, t.due_at from todos t where {where} order by {order} limit ${values + 1} offset ${values + 2}) t on true
        order by {order}
        """);

    private static string OrderOf(Query query)
    {
        var sort = query.Text("sort") ?? "-createdAt";
        var direction = sort.StartsWith('-') ? "desc" : "asc";
        var key = sort.TrimStart('-') switch
        {
            "createdAt" => "t.created_at",
            "updatedAt" => "t.updated_at",
            "dueDate" => "t.due_at",
            "title" => "lower(t.title)",
            "priority" => "t.priority",
            _ => null,
        };
        if (key is null)
        {
            query.Wrong("sort", "notOneOf", "sort must be one of createdAt, updatedAt, dueDate, title, priority, with a leading minus for descending order.");
        }

        // What is never due comes last either way; the other columns are never null, and saying it would keep their index from being used.
        return key == "t.due_at" ? $"{key} {direction} nulls last, t.id {direction}" : $"{key} {direction}, t.id {direction}";
    }

    private static string Narrowed(Query query, List<object?> values)
    {
        var where = "";
        if (query.Text("category") is { Length: > 0 } category)
        {
            values.Add(category);
            where += string.Create(CultureInfo.InvariantCulture, $" and t.category = ${values.Count}");
        }

        if (query.Flag("completed") is { } completed)
        {
            where += completed ? " and t.completed" : " and not t.completed";
        }

        if (DueBound.Read(query, "dueBefore") is { } before)
        {
            values.Add(before.Date is { } date ? date : before.Moment!.Value);
            where += string.Create(CultureInfo.InvariantCulture, $" and t.{(before.Date is null ? "due_at" : "due_date")} < ${values.Count}");
        }

        return where;
    }

    private static async Task<IResult> CategoriesAsync(HttpContext http, [FromServices] Database database, CancellationToken cancellation)
    {
        if (Query.Of(http.Request).Problem() is { } problem)
        {
            return problem.ToResult();
        }

        var categories = new PlainCategories();
        categories.AddRange(await NamesInUse.CategoriesOfAsync(database, Actor.Of(http).Id, Own, cancellation));
        return Reply.Ok(categories, TodoJson.Default.PlainCategories);
    }
}
