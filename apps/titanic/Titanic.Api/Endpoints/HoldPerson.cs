using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Titanic.Api.Changes;
using Titanic.Api.People;

namespace Titanic.Api.Endpoints;

/// <param name="Reason">Why the record must be kept, such as the number of a case.</param>
internal sealed record HoldBody(string? Reason);

/// <summary>A legal hold: while it lasts the record can be neither deleted nor purged.</summary>
internal static class HoldPerson
{
    private const int ReasonMax = 500;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPut("/people/{id}/hold", PutAsync).WithName("holdPerson").WithSummary("Keeps a record from being deleted, also one that was deleted already.").Requires(AccessMode.Admin)
            .Accepts<HoldBody>("application/json")
            .Example("""{"reason":"Case 2026-114"}""")
            .Produces<PersonDocument>(200);
        api.MapDelete("/people/{id}/hold", LiftAsync).WithName("releasePerson").WithSummary("Lifts the hold.").Requires(AccessMode.Admin).Produces(204);
    }

    private static async Task<IResult> PutAsync(string id, HttpContext http, [FromServices] PeopleReads reads, [FromServices] Edits edits, CancellationToken cancellation)
    {
        if (!reads.TenantOf(http).Is(out var tenant, out var problem)
            || !PersonKey.Read(id).Is(out var key, out problem)
            || !(await Body.ReadAsync(http.Request, TitanicJson.Default.HoldBody, cancellation: cancellation)).Is(out var body, out problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        var reason = findings.Text("/reason", body.Reason, ReasonMax);
        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        return await edits.RunAsync(
            http,
            tenant,
            async (edit, token) => (await PersonBook.HoldAsync(edit, key, reason, http.Caller().Subject, token)).Is(out var person, out var refused) ? PersonJson.Reply(person) : Reply.Of(refused),
            cancellation);
    }

    private static async Task<IResult> LiftAsync(string id, HttpContext http, [FromServices] PeopleReads reads, [FromServices] Edits edits, CancellationToken cancellation)
    {
        if (!reads.TenantOf(http).Is(out var tenant, out var problem) || !PersonKey.Read(id).Is(out var key, out problem))
        {
            return problem.ToResult();
        }

        return await edits.RunAsync(
            http,
            tenant,
            async (edit, token) => (await PersonBook.HoldAsync(edit, key, null, http.Caller().Subject, token)).Problem is { } refused ? Reply.Of(refused) : Reply.NoContent(),
            cancellation);
    }
}
