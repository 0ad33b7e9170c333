using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Titanic.Api.Seeding;

namespace Titanic.Api.Endpoints;

/// <param name="Target">How many people there should be.</param>
/// <param name="Seed">The same seed invents the same people.</param>
internal sealed record ExpandBody(int? Target, long? Seed);

internal static class ExpandPeople
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/expand", HandleAsync).WithName("expandPeople").WithSummary("Invents people until there are as many as wanted.").Requires(AccessMode.Admin).Limited("transfer")
            .Accepts<ExpandBody>("application/json")
            .Example("""{"target":100000,"seed":1912}""")
            .Produces<Expansion>(200)
            .Refuses("expandDown");

    private static async Task<IResult> HandleAsync(HttpContext http, [FromServices] PeopleReads reads, [FromServices] Population population, CancellationToken cancellation)
    {
        if (!reads.TenantOf(http).Is(out var tenant, out var problem)
            || !(await Body.ReadAsync(http.Request, TitanicJson.Default.ExpandBody, cancellation: cancellation)).Is(out var body, out problem))
        {
            return problem.ToResult();
        }

        if (body.Target is not { } target || target is < 1 or > Population.TargetMax)
        {
            return Problem.Invalid([new Finding("outOfRange", $"target must be a whole number from 1 to {Population.TargetMax}.") { Pointer = "/target" }]).ToResult();
        }

        return (await population.ExpandAsync(tenant, target, body.Seed ?? Population.SeedDefault, http.Caller().Subject, cancellation)).Is(out var expansion, out var refused)
            ? Reply.Ok(expansion, TitanicJson.Default.Expansion)
            : refused.ToResult();
    }
}
