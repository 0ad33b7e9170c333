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

/// <summary>Takes people off the list, and puts back who was taken off less than thirty days ago.</summary>
internal static class DeletePerson
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapDelete("/people/{id}", DeleteAsync).WithName("deletePerson").WithSummary("Takes a person off the list; thirty days later the record is gone for good.")
            .Requires(AccessMode.Write)
            .TakesHeader("If-Match", "The version that was read.", required: true)
            .Produces(204)
            .Refuses("onHold");
        api.MapPost("/people/{id}/restore", RestoreAsync).WithName("restorePerson").WithSummary("Puts a deleted person back on the list.")
            .Requires(AccessMode.Write)
            .Produces<PersonDocument>(200);
    }

    private static async Task<IResult> DeleteAsync(string id, HttpContext http, [FromServices] PeopleReads reads, [FromServices] Edits edits, CancellationToken cancellation)
    {
        if (!reads.TenantOf(http).Is(out var tenant, out var problem) || !PersonKey.Read(id).Is(out var key, out problem))
        {
            return problem.ToResult();
        }

        return await edits.RunAsync(
            http,
            tenant,
            async (edit, token) =>
                (await PersonBook.DeleteAsync(edit, key, person => Versions.RequireMatch(http.Request, person.Version), token)).Problem is { } refused
                    ? Reply.Of(refused)
                    : Reply.NoContent(),
            cancellation);
    }

    private static async Task<IResult> RestoreAsync(string id, HttpContext http, [FromServices] PeopleReads reads, [FromServices] Edits edits, CancellationToken cancellation)
    {
        if (!reads.TenantOf(http).Is(out var tenant, out var problem) || !PersonKey.Read(id).Is(out var key, out problem))
        {
            return problem.ToResult();
        }

        return await edits.RunAsync(
            http,
            tenant,
            async (edit, token) => (await PersonBook.RestoreAsync(edit, key, token)).Is(out var person, out var refused) ? PersonJson.Reply(person) : Reply.Of(refused),
            cancellation);
    }
}
