using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Todo.Api.Changes;
using Todo.Api.Listing;
using Todo.Api.Transfer;

namespace Todo.Api.Endpoints.Transfer;

internal sealed record ImportDocument(int Accepted, IReadOnlyList<RejectedRow> Rejected);

internal sealed record RejectedRow(int Row, IReadOnlyList<RowError> Errors);

internal sealed record RowError(string Pointer, string Code, string Detail);

/// <summary>Takes over a file. Rows that are no todos are reported, all others are written together, and one undo takes them back.</summary>
internal static class ImportTodos
{
    private const int BytesMax = 5 * 1_048_576;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/imports", HandleAsync).WithName("importTodos").WithSummary("Takes over a file.").Requires("todo.todos:write").Limited("transfer")
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.")
            .Takes("listId", "The list to put them into; the inbox otherwise.")
            .Accepts<TransferDocument>("application/json", "text/csv", "text/calendar")
            .Produces<ImportDocument>(200);

    private static async Task<IResult> HandleAsync(HttpContext http, [FromServices] Edits edits, [FromServices] Importing importing, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var list = TodoFilter.Id(query, "listId");
        if (query.Problem() is { } problem || !(await ReadAsync(http, cancellation)).Is(out var file, out problem))
        {
            return problem.ToResult();
        }

        if (file.Error is not null)
        {
            return new Problem(400, "unreadableFile", "The file cannot be read", file.Error).ToResult();
        }

        return await edits.RunAsync(
            http,
            async (edit, token) => (await importing.RunAsync(edit, list, file, token)).Is(out var report, out var refused)
                ? Reply.Ok(report, TodoJson.Default.ImportDocument)
                : Reply.Of(refused),
            cancellation);
    }

    private static async Task<Outcome<TransferFile>> ReadAsync(HttpContext http, CancellationToken cancellation)
    {
        var type = (http.Request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();
        if (type is not ("text/csv" or "application/json" or "text/calendar"))
        {
            return new Problem(415, "unsupportedMediaType", "This kind of file is not supported", "Send text/csv, application/json or text/calendar.");
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = BytesMax;
        }

        using var bytes = new MemoryStream();
        var buffer = new byte[16_384];
        int count;
        while ((count = await http.Request.Body.ReadAsync(buffer, cancellation)) > 0)
        {
            if (bytes.Length + count > BytesMax)
            {
                return new Problem(413, "tooLarge", "The file is too large", $"A file has at most {BytesMax / 1_048_576} MiB. Split it.");
            }

            bytes.Write(buffer, 0, count);
        }

        if (type == "application/json")
        {
            return JsonTodos.Read(bytes.ToArray());
        }

        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        }
        catch (DecoderFallbackException)
        {
            return Problem.Unreadable("The file is not UTF-8.");
        }

        return type == "text/csv" ? CsvTodos.Read(text) : CalendarReader.Read(text);
    }
}
