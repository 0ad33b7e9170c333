using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Todo.Api.Changes;

namespace Todo.Api.Endpoints.Todos;

internal sealed record NamedCounts(IReadOnlyList<NamedCount> Items);

internal sealed record NamedCount(string Name, long Count);

/// <summary>The tags and categories somebody uses, most used first, for suggesting them.</summary>
internal static class NamesInUse
{
    public const int NamesMax = 500;

    private const string Visible =
        """
        t.deleted_at is null and (t.user_id = $1 or t.list_id = any(array(select list_id from list_members where user_id = $1 and role <> 'owner')))
        """;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/tags", TagsAsync).WithName("listTags").WithSummary("The tags in use.").Requires("todo.todos:read")
            .Produces<NamedCounts>(200);
        api.MapGet("/categories", CategoriesAsync).WithName("listCategories").WithSummary("The categories in use.").Requires("todo.todos:read")
            .Produces<NamedCounts>(200);
    }

    public static Task<List<NamedCount>> CategoriesOfAsync(Database database, Guid person, string where, CancellationToken cancellation) =>
        ReadAsync(database, person, $"select t.category, count(*) from todos t where {where} and t.category is not null", cancellation);

    private static async Task<IResult> TagsAsync(HttpContext http, [FromServices] Database database, CancellationToken cancellation) =>
        Query.Of(http.Request).Problem() is { } problem
            ? problem.ToResult()
            : Of(await ReadAsync(
                database, Actor.Of(http).Id, $"select tag, count(*) from todos t cross join lateral unnest(t.tags) as tag where {Visible}", cancellation));

    private static async Task<IResult> CategoriesAsync(HttpContext http, [FromServices] Database database, CancellationToken cancellation) =>
        Query.Of(http.Request).Problem() is { } problem
            ? problem.ToResult()
            : Of(await CategoriesOfAsync(database, Actor.Of(http).Id, Visible, cancellation));

    private static Task<List<NamedCount>> ReadAsync(Database database, Guid person, string select, CancellationToken cancellation) =>
        database.ReadAsync(
            (connection, token) => connection.Command($"{select} group by 1 order by 2 desc, 1 limit $2", person, NamesMax)
                .ListAsync(row => new NamedCount(row.GetString(0), row.GetInt64(1)), token),
            cancellation);

    private static Reply Of(List<NamedCount> names) => Reply.Ok(new NamedCounts(names), TodoJson.Default.NamedCounts);
}
