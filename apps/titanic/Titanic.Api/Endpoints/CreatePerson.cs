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

internal static class CreatePerson
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people", HandleAsync).WithName("createPerson").WithSummary("Adds a person to the list.").Requires(AccessMode.Write)
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.")
            .Accepts<PersonBody>("application/json")
            .Example("""{"survived":true,"passengerClass":2,"name":"Harlow, Miss. Ada","sex":"female","age":28.5,"ticket":"SC 4410","fare":13.0,"embarked":"S"}""")
            .Produces<PersonDocument>(201)
            .Refuses("passengerIdTaken");

    private static async Task<IResult> HandleAsync(HttpContext http, [FromServices] PeopleReads reads, [FromServices] Edits edits, CancellationToken cancellation)
    {
        if (!reads.TenantOf(http).Is(out var tenant, out var problem)
            || !(await Body.ReadAsync(http.Request, TitanicJson.Default.PersonBody, cancellation: cancellation)).Is(out var body, out problem)
            || !PersonRules.Check(body).Is(out var content, out problem))
        {
            return problem.ToResult();
        }

        return await edits.RunAsync(
            http,
            tenant,
            async (edit, token) => (await PersonBook.CreateAsync(edit, body.PassengerId, content, token)).Is(out var person, out var refused)
                ? PersonJson.Created(person, $"/api/v1/people/{person.Uuid}")
                : Reply.Of(refused),
            cancellation);
    }
}
