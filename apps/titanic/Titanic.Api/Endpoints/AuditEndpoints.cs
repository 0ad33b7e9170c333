using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Paging;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Titanic.Api.Auditing;

namespace Titanic.Api.Endpoints;

/// <summary>The trail as a whole, for administrators.</summary>
internal static class AuditEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/audit", ListAsync).WithName("listAudit").WithSummary("Who changed what, the newest first.").Requires(AccessMode.Admin)
            .TakesHeader(Tenants.Tenants.HeaderName, "Whose people; everybody's unless said otherwise.")
            .Takes("person", "Only what happened to the person with this uuid, also if it is gone.")
            .Takes("actor", "Only what this caller did.")
            .Takes("action", "Only this, such as person.updated.")
            .Takes("limit", "How many entries, up to 200.", "integer")
            .Takes("cursor", "Where to go on: page.next of an earlier answer.")
            .Produces<AuditPage>(200);
        api.MapGet("/audit/verify", VerifyAsync).WithName("verifyAudit").WithSummary("Looks at every link of the trail.").Requires(AccessMode.Admin).Limited("transfer")
            .Produces<AuditVerdict>(200);
    }

    private static async Task<IResult> ListAsync(HttpContext http, [FromServices] PeopleReads reads, [FromServices] PeopleAudit audit, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var asked = new AuditQuestion(query.Text("person", 36), query.Text("actor"), query.Text("action", 50));
        if (asked.Person is not null && !Guid.TryParseExact(asked.Person, "D", out _))
        {
            query.Wrong("person", "notAnId", "person must be the uuid of a person.");
        }

        if (!PageRequest.Read(http.Request, query, "-at").Is(out var page, out var problem)
            || !reads.TenantOf(http).Is(out var tenant, out problem)
            || !(await audit.ReadAsync(tenant, asked, page, withActors: true, cancellation)).Is(out var found, out problem))
        {
            return problem.ToResult();
        }

        return Reply.Ok(found, TitanicJson.Default.AuditPage);
    }

    private static async Task<IResult> VerifyAsync(HttpContext http, [FromServices] VerifyAudit verify, CancellationToken cancellation) =>
        Query.Of(http.Request).Problem() is { } problem ? problem.ToResult() : Reply.Ok(await verify.LookAsync(cancellation), TitanicJson.Default.AuditVerdict);
}
