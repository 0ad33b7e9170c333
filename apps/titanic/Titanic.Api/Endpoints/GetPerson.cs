using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;
using Titanic.Api.People;
using Titanic.Api.Tenants;

namespace Titanic.Api.Endpoints;

/// <summary>One person, by the record's id or by the number on the passenger list.</summary>
internal static class GetPerson
{
    public static void Map(IEndpointRouteBuilder api, AccessMode access) =>
        access.Reads(api.MapGet("/people/{id}", HandleAsync)).WithName("getPerson").WithSummary("One person, by uuid or passengerId.")
            .TakesHeader(Tenants.Tenants.HeaderName, "Whose people; everybody's unless said otherwise.")
            .Takes("deleted", "true: also if deleted, for administrators.", "boolean")
            .Produces<PersonDocument>(200);

    private static async Task<IResult> HandleAsync(string id, HttpContext http, [FromServices] PeopleReads reads, [FromServices] TenantData data, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var deleted = query.Flag("deleted") ?? false;
        if ((query.Problem() ?? PeopleReads.RefuseDeleted(http, deleted)) is { } refused)
        {
            return refused.ToResult();
        }

        if (!reads.TenantOf(http).Is(out var tenant, out var problem) || !PersonKey.Read(id).Is(out var key, out problem))
        {
            return problem.ToResult();
        }

        return await reads.AnswerAsync(
            http,
            tenant,
            async token =>
            {
                var person = await data.OneAsync(tenant, "person", new Question(PersonRows.Find(key), key.Value), PersonRows.Read, token);
                return person is null || (person.DeletedAt is not null && !deleted)
                    ? ReadReplies.Refused(Problem.NotFound("person"))
                    : ReadReplies.Of(PersonJson.Reply(person), ReadTags.Person(person.Uuid));
            },
            cancellation,
            remembered: !deleted);
    }
}
