using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;
using Slipway.Sdk.Auditing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Slipway.Sdk.Retries;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Tests.Retries;

/// <summary>A service that keeps books, written as services of this kit are meant to be.</summary>
internal static class BookService
{
    public static SlipwayService Create(string[] args)
    {
        var service = SlipwayService.Create("books", args, options => options.Environment = _ => null);
        service.Json(BookJson.Default);
        service.UseDatabase(typeof(BookService).Assembly);
        service.UseCallers("books");
        return service;
    }

    public static void Map(WebApplication app)
    {
        app.MapPost("/api/v1/books", CreateAsync).Requires("books.books:write").WithName("createBook");
        app.MapPatch("/api/v1/books/{id:guid}", ChangeAsync).Requires("books.books:write").WithName("changeBook");
        app.MapDelete("/api/v1/books/{id:guid}", DeleteAsync).Requires("books.books:write").WithName("deleteBook");
    }

    private static async Task<IResult> CreateAsync(HttpContext http, Sdk.Database.Database database, AuditTrail audit, CancellationToken cancellation)
    {
        var body = await Body.ReadAsync(http.Request, BookJson.Default.NewBook, cancellation: cancellation);
        if (!body.Is(out var book, out var problem))
        {
            return problem.ToResult();
        }

        return await Idempotent.RunAsync(
            http,
            database,
            async (tx, c) =>
            {
                var id = Guid.CreateVersion7();
                await tx.Command("insert into books (id, owner, title, version) values ($1, $2, $3, 1)", id, http.Caller().Subject, book.Title).ExecuteAsync(c);
                await audit.AppendAsync(tx, AuditEntry.From(http, "book.created", "book", id.ToString()) with { Changes = [new("/title", null, book.Title)] }, c);
                return Reply.Created($"/api/v1/books/{id}", new Book(id, book.Title, 1), BookJson.Default.Book, Versions.ETag(1));
            },
            cancellation);
    }

    private static async Task<IResult> ChangeAsync(Guid id, HttpContext http, Sdk.Database.Database database, CancellationToken cancellation)
    {
        var patch = await MergePatch.ReadAsync(http.Request, new HashSet<string> { "title" }, cancellation);
        if (!patch.Is(out var members, out var problem))
        {
            return problem.ToResult();
        }

        return await Idempotent.RunAsync(
            http,
            database,
            async (tx, c) =>
            {
                if (await LockAsync(tx, id, http.Caller(), c) is not { } book)
                {
                    return Reply.Of(Problem.NotFound("book"));
                }

                if (Versions.RequireMatch(http.Request, book.Version) is { } stale)
                {
                    return Reply.Of(stale);
                }

                var changed = book with { Title = (string?)members["title"] ?? book.Title, Version = book.Version + 1 };
                await tx.Command("update books set title = $2, version = $3 where id = $1", id, changed.Title, changed.Version).ExecuteAsync(c);
                return Reply.Ok(changed, BookJson.Default.Book, Versions.ETag(changed.Version));
            },
            cancellation);
    }

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext http, Sdk.Database.Database database, CancellationToken cancellation) => await Idempotent.RunAsync(
        http,
        database,
        async (tx, c) =>
        {
            if (await LockAsync(tx, id, http.Caller(), c) is not { } book)
            {
                return Reply.NoContent();
            }

            if (Versions.RequireMatch(http.Request, book.Version) is { } stale)
            {
                return Reply.Of(stale);
            }

            await tx.Command("update books set deleted_at = now(), version = version + 1 where id = $1", id).ExecuteAsync(c);
            return Reply.NoContent();
        },
        cancellation);

    private static Task<Book?> LockAsync(NpgsqlTransaction tx, Guid id, Caller caller, CancellationToken cancellation) =>
        tx.Command("select id, title, version from books where id = $1 and owner = $2 and deleted_at is null for update", id, caller.Subject)
            .OneAsync(row => new Book(row.GetGuid(0), row.GetString(1), row.GetInt64(2)), cancellation);
}

internal sealed record NewBook(string Title);

internal sealed record Book(Guid Id, string Title, long Version);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(NewBook))]
[JsonSerializable(typeof(Book))]
internal sealed partial class BookJson : JsonSerializerContext;
