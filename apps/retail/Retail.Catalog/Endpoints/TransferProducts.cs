using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Catalog.Products;
using Retail.Catalog.Transfer;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Slipway.Sdk.Tables;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Retail.Catalog.Endpoints;

/// <param name="Rejected">How many products were not taken; the first thousand of them are told one by one.</param>
internal sealed record ImportReport(int Products, int Created, int Updated, int Unchanged, int Rejected, IReadOnlyList<RejectedRow> Errors);

internal sealed record RejectedRow(int Row, string? Sku, IReadOnlyList<RowError> Errors);

internal sealed record RowError(string Pointer, string Code, string Detail);

/// <summary>Products by the file.</summary>
internal static class TransferProducts
{
    private const int Stretch = 200;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/products/import", ImportAsync).WithName("importProducts").WithSummary("Takes over a file of products; rows that are none are reported.")
            .Requires("retail.products:write").Limited("transfer")
            .Accepts<ProductBody>("application/x-ndjson", "text/csv")
            .Produces<ImportReport>(200);
        api.MapGet("/products/export", ExportAsync).WithName("exportProducts").WithSummary("The caller's products as a file; all of them for administrators.")
            .Requires("retail.products:read").Limited("transfer")
            .Takes("format", "ndjson or csv.")
            .Takes("vendor", "For administrators: only this vendor's.")
            .Produces<ProductDocument>(200, "application/x-ndjson", "text/csv");
    }

    private static async Task<IResult> ImportAsync(HttpContext http, [FromServices] Importing importing, CancellationToken cancellation)
    {
        if ((Query.Of(http.Request).Problem() ?? Sellers.Refuse(http.Caller())) is { } refused)
        {
            return refused.ToResult();
        }

        var type = UploadedBytes.MediaType(http.Request);
        if (type is not ("text/csv" or "application/x-ndjson" or "application/ndjson"))
        {
            return new Problem(415, "unsupportedMediaType", "Not a kind of file that is taken", "Send text/csv or application/x-ndjson.").ToResult();
        }

        if (!(await UploadedBytes.ReadAsync(http, ImportFile.BytesMax, cancellation)).Is(out var bytes, out var problem)
            || !ImportFile.Read(bytes, csv: type == "text/csv").Is(out var items, out problem))
        {
            return problem.ToResult();
        }

        return Reply.Ok(await importing.RunAsync(http, items, cancellation), CatalogJson.Default.ImportReport);
    }

    private static async Task ExportAsync(HttpContext http, [FromServices] Database database, [FromServices] TimeProvider time, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var format = query.Text("format") ?? "ndjson";
        var asked = query.Text("vendor");
        if (format is not ("ndjson" or "csv"))
        {
            query.Wrong("format", "notOneOf", "format must be ndjson or csv.");
        }

        if (asked is not null && !Guid.TryParse(asked, out _))
        {
            query.Wrong("vendor", "notAnId", "vendor must be the id of a vendor.");
        }

        var caller = http.Caller();
        Guid? vendor = asked is not null && Guid.TryParse(asked, out var id) ? id : Sellers.IsAdmin(caller) ? null : caller.UserId;
        if ((query.Problem() ?? (vendor is { } whose ? Sellers.Refuse(caller, whose) : null)) is { } problem)
        {
            await problem.ToResult().ExecuteAsync(http);
            return;
        }

        var csv = format == "csv";
        http.Response.ContentType = csv ? "text/csv; charset=utf-8" : "application/x-ndjson; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"products-{time.GetUtcNow():yyyy-MM-dd}.{format}\"");
        var text = new StringBuilder();
        if (csv)
        {
            CsvText.Write(text, CsvProducts.Columns);
        }

        await WriteAsync(http, database, vendor, csv, text, cancellation);
    }

    /// <summary>A stretch at a time, so that a catalogue of any size fits into memory.</summary>
    private static async Task WriteAsync(HttpContext http, Database database, Guid? vendor, bool csv, StringBuilder text, CancellationToken cancellation)
    {
        var after = Guid.Empty;
        while (true)
        {
            var from = after;
            var products = await database.ReadAsync((connection, token) => ProductRows.AfterAsync(connection, from, vendor, Stretch, token), cancellation);
            foreach (var product in products)
            {
                if (csv)
                {
                    CsvProducts.Write(text, product);
                }
                else
                {
                    text.Append(JsonSerializer.Serialize(ProductMerging.Body(product), CatalogJson.Default.ProductBody)).Append('\n');
                }

                after = product.Id;
            }

            await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellation);
            text.Clear();
            if (products.Count < Stretch)
            {
                return;
            }
        }
    }
}
