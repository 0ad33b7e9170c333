using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using System.Text.Json;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;
using Titanic.Api.Listing;
using Titanic.Api.Statistics;

namespace Titanic.Api.Endpoints;

/// <summary>Histograms and curves of survival, for charts.</summary>
internal static class PeopleDistributions
{
    private const int BinsMax = 100;

    public static void Map(IEndpointRouteBuilder api, AccessMode access)
    {
        ListPeople.Filtered(access.Reads(api.MapGet("/people/histogram", HistogramAsync)).WithName("peopleHistogram").WithSummary("How ages or fares are spread."))
            .Takes("of", "age or fare.")
            .Takes("bins", "Into how many steps of equal width, 10 unless said otherwise.", "integer")
            .Produces<HistogramDocument>(200);
        ListPeople.Filtered(access.Reads(api.MapGet("/people/survival", SurvivalAsync)).WithName("peopleSurvival").WithSummary("Which share of those of at least some age, or fare, survived."))
            .Takes("by", "age or fare.")
            .Takes("group", "One of class, sex, embarked, ageGroup: a curve for each.")
            .Produces<SurvivalDocument>(200);
    }

    private static async Task<IResult> HistogramAsync(HttpContext http, [FromServices] PeopleReads reads, [FromServices] Distributions distributions, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var (filter, of, bins) = (PeopleFilter.Read(query), Measure(query, "of"), query.Number("bins", 1, BinsMax) ?? 10);
        var problem = query.Problem() ?? PeopleReads.RefuseDeleted(http, filter.Deleted);
        if (problem is not null || !reads.TenantOf(http).Is(out var tenant, out problem))
        {
            return problem.ToResult();
        }

        return await reads.AnswerAsync(
            http,
            tenant,
            async token => ReadReplies.Hashed(
                2_048, await distributions.HistogramAsync(tenant, filter, of, bins, token),
                static (json, made) => JsonSerializer.Serialize(json, made, TitanicJson.Default.HistogramDocument), [], ReadTags.People(tenant)),
            cancellation,
            remembered: !filter.Deleted);
    }

    private static async Task<IResult> SurvivalAsync(HttpContext http, [FromServices] PeopleReads reads, [FromServices] Distributions distributions, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var (filter, by, group) = (PeopleFilter.Read(query), Measure(query, "by"), query.Text("group"));
        if (group is not (null or "class" or "sex" or "embarked" or "ageGroup"))
        {
            query.Wrong("group", "notOneOf", "group must be class, sex, embarked or ageGroup.");
        }

        var problem = query.Problem() ?? PeopleReads.RefuseDeleted(http, filter.Deleted);
        if (problem is not null || !reads.TenantOf(http).Is(out var tenant, out problem))
        {
            return problem.ToResult();
        }

        return await reads.AnswerAsync(
            http,
            tenant,
            async token => ReadReplies.Hashed(
                8_192, await distributions.SurvivalAsync(tenant, filter, by, group is null ? null : Grouping.Of(group), token),
                static (json, made) => JsonSerializer.Serialize(json, made, TitanicJson.Default.SurvivalDocument), [], ReadTags.People(tenant)),
            cancellation,
            remembered: !filter.Deleted);
    }

    private static string Measure(Query query, string name)
    {
        var text = query.Text(name) ?? "age";
        if (text is not ("age" or "fare"))
        {
            query.Wrong(name, "notOneOf", $"{name} must be age or fare.");
        }

        return text;
    }
}
