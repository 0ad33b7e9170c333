using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Paging;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Titanic.Api.Auditing;
using Titanic.Api.People;
using Titanic.Api.Tenants;

namespace Titanic.Api.Endpoints;

/// <summary>What happened to a person, the newest first. It comes from the audit trail, so it cannot be rewritten.</summary>
internal static class PersonHistory
{
    public static void Map(IEndpointRouteBuilder api, AccessMode access) =>
        access.Reads(api.MapGet("/people/{id}/history", HandleAsync)).WithName("personHistory").WithSummary("What happened to a person, the newest first.")
            .TakesHeader(Tenants.Tenants.HeaderName, "Whose people; everybody's unless said otherwise.")
            .Takes("limit", "How many entries, up to 200.", "integer")
            .Takes("cursor", "Where to go on: page.next of an earlier answer.")
            .Produces<AuditPage>(200);

    private static async Task<IResult> HandleAsync(
        string id, HttpContext http, [FromServices] PeopleReads reads, [FromServices] TenantData data, [FromServices] PeopleAudit audit, CancellationToken cancellation)
    {
        if (!PageRequest.Read(http.Request, Query.Of(http.Request), "-at").Is(out var page, out var problem)
            || !reads.TenantOf(http).Is(out var tenant, out problem)
            || !PersonKey.Read(id).Is(out var key, out problem))
        {
            return problem.ToResult();
        }

        var admin = http.CallerOrNull()?.Scopes.Contains(AccessMode.Admin) == true;
        var person = await data.OneAsync(tenant, "person", new Question(PersonRows.Find(key), key.Value), PersonRows.Read, cancellation);
        if (person is null || (person.DeletedAt is not null && !admin))
        {
            return Problem.NotFound("person").ToResult();
        }

        return (await audit.ReadAsync(tenant, new AuditQuestion(person.Uuid.ToString(), null, null), page, admin, cancellation)).Is(out var history, out problem)
            ? Reply.Ok(history, TitanicJson.Default.AuditPage)
            : problem.ToResult();
    }
}
