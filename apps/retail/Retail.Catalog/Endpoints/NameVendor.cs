using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Catalog.Live;
using Retail.Catalog.Products;
using Slipway.Sdk.Auditing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Slipway.Sdk.Retries;

namespace Retail.Catalog.Endpoints;

internal sealed record VendorBody
{
    public string? Name { get; set; }
}

internal sealed record VendorDocument(Guid Id, string Name);

/// <summary>Under which name a vendor sells. It is never taken from an account: what stands in a shop window is chosen for it.</summary>
internal static class NameVendor
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/products/vendors/{id:guid}", HandleAsync).WithName("nameVendor").WithSummary("Sets the name a vendor sells under.").Requires("retail.products:write")
            .Accepts<VendorBody>("application/json")
            .Produces<VendorDocument>(200);

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, [FromServices] Database database, [FromServices] AuditTrail audits, [FromServices] NoticeBoard board, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, CatalogJson.Default.VendorBody, cancellation: cancellation)).Is(out var body, out var problem)
            || (problem = Sellers.Refuse(http.Caller(), id)) is not null)
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        var name = findings.Text("/name", body.Name, 80);
        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        var reply = await Idempotent.RunAsync(
            http,
            database,
            async (transaction, token) =>
            {
                await transaction.Command("insert into vendors (id, name) values ($1, $2) on conflict (id) do update set name = excluded.name", id, name).ExecuteAsync(token);
                await audits.AppendAsync(transaction, AuditEntry.From(http, "vendor.named", "vendor", id.ToString()), token);
                return Reply.Ok(new VendorDocument(id, name), CatalogJson.Default.VendorDocument);
            },
            cancellation);
        board.Post([ProductNotice.Everything]);
        return reply;
    }
}
