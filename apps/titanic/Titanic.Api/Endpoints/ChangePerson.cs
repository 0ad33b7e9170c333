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
using Titanic.Api.Tenants;

namespace Titanic.Api.Endpoints;

/// <summary>A person said anew as a whole (PUT) or in part (PATCH).</summary>
internal static class ChangePerson
{
    public static void Map(IEndpointRouteBuilder api)
    {
        Describe(api.MapPut("/people/{id}", ReplaceAsync).WithName("replacePerson").WithSummary("Says everything about a person anew."))
            .Accepts<PersonBody>("application/json");
        Describe(api.MapPatch("/people/{id}", PatchAsync).WithName("patchPerson").WithSummary("Changes some of what is said about a person."))
            .Accepts<PersonBody>("application/merge-patch+json");
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint) => endpoint.Requires(AccessMode.Write)
        .TakesHeader("If-Match", "The version that was read.", required: true)
        .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.")
        .Produces<PersonDocument>(200);

    private static async Task<IResult> ReplaceAsync(string id, HttpContext http, [FromServices] PeopleReads reads, [FromServices] Edits edits, CancellationToken cancellation)
    {
        if (!reads.TenantOf(http).Is(out var tenant, out var problem)
            || !PersonKey.Read(id).Is(out var key, out problem)
            || !(await Body.ReadAsync(http.Request, TitanicJson.Default.PersonBody, cancellation: cancellation)).Is(out var body, out problem)
            || !PersonRules.Check(body).Is(out var content, out problem))
        {
            return problem.ToResult();
        }

        return await ChangeAsync(http, edits, tenant, key, body.PassengerId, _ => content, cancellation);
    }

    private static async Task<IResult> PatchAsync(string id, HttpContext http, [FromServices] PeopleReads reads, [FromServices] Edits edits, CancellationToken cancellation)
    {
        if (!reads.TenantOf(http).Is(out var tenant, out var problem)
            || !PersonKey.Read(id).Is(out var key, out problem)
            || !(await MergePatch.ReadAsync(http.Request, PersonRules.PatchMembers, cancellation)).Is(out var patch, out problem))
        {
            return problem.ToResult();
        }

        return await ChangeAsync(http, edits, tenant, key, null, content => PersonRules.Patch(content, patch), cancellation);
    }

    private static async Task<IResult> ChangeAsync(
        HttpContext http, Edits edits, Tenant tenant, PersonKey key, int? passengerId, Func<PersonContent, Outcome<PersonContent>> change, CancellationToken cancellation) =>
        await edits.RunAsync(
            http,
            tenant,
            async (edit, token) =>
            {
                var changed = await PersonBook.ChangeAsync(
                    edit, key, person => Versions.RequireMatch(http.Request, person.Version) ?? RefuseRenumbering(person, passengerId), change, token);
                return changed.Is(out var person, out var refused) ? PersonJson.Reply(person) : Reply.Of(refused);
            },
            cancellation);

    private static Problem? RefuseRenumbering(Person person, int? passengerId) => passengerId is null || passengerId == person.PassengerId
        ? null
        : Problem.Invalid([new Finding("unchangeable", "A person keeps the number on the passenger list; leave out passengerId.") { Pointer = "/passengerId" }]);
}
