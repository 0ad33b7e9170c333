using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;
using Titanic.Api.Listing;
using Titanic.Api.Statistics;

namespace Titanic.Api.Endpoints;

/// <param name="All">The same figures of everybody the filter lets through.</param>
internal sealed record StatsDocument(IReadOnlyList<string> GroupBy, IReadOnlyList<GroupFigures> Items, Figures All);

internal sealed record GroupFigures(GroupKey Group, long Count, long Survived, decimal? SurvivalRate, decimal? AverageAge, decimal? AverageFare);

/// <summary>The values that make the group, of what was asked to be told apart.</summary>
internal sealed record GroupKey(int? Class, string? Sex, string? Embarked, string? AgeGroup, bool? Survived);

internal sealed record Figures(long Count, long Survived, decimal? SurvivalRate, decimal? AverageAge, decimal? AverageFare);

internal static class PeopleStats
{
    private const string Former = "group";

    private static readonly DateOnly s_since = new(2026, 1, 15);
    private static readonly DateOnly s_sunset = new(2027, 1, 15);

    public static void Map(IEndpointRouteBuilder api, AccessMode access) =>
        ListPeople.Filtered(access.Reads(api.MapGet("/people/stats", HandleAsync)).WithName("peopleStats").WithSummary("How many there are and survived, with average age and fare, by groups."))
            .Takes("groupBy", "Any of class, sex, embarked, ageGroup, survived, separated by commas.")
            .Takes(Former, "What groupBy was called before; it will go.")
            .Produces<StatsDocument>(200);

    private static async Task<IResult> HandleAsync(HttpContext http, [FromServices] PeopleReads reads, [FromServices] PeopleStatistics statistics, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var filter = PeopleFilter.Read(query);
        var (names, former) = (query.List("groupBy").Distinct(StringComparer.Ordinal).ToList(), query.List(Former).Distinct(StringComparer.Ordinal).ToList());
        if (names.Count > 0 && former.Count > 0)
        {
            query.Wrong(Former, "contradictory", "group is what groupBy was called before; use groupBy alone.");
        }

        if (names.Concat(former).Any(name => !Grouping.Names.Contains(name)))
        {
            query.Wrong(names.Count > 0 ? "groupBy" : Former, "notOneOf", $"groupBy must be some of {string.Join(", ", Grouping.Names)}, separated by commas.");
        }

        if ((query.Problem() ?? PeopleReads.RefuseDeleted(http, filter.Deleted)) is { } wrong)
        {
            return wrong.ToResult();
        }

        if (!reads.TenantOf(http).Is(out var tenant, out var problem))
        {
            return problem.ToResult();
        }

        if (former.Count > 0)
        {
            http.TellDeprecated(s_since, s_sunset, $"{http.Request.Path}?groupBy={Uri.EscapeDataString(string.Join(',', former))}");
        }

        var groups = names.Concat(former).Select(Grouping.Of).ToList();
        return await reads.AnswerAsync(
            http,
            tenant,
            async token => ReadReplies.Hashed(
                1, await statistics.ReadAsync(tenant, filter, groups, token), static (Utf8JsonWriter json, ReadOnlyMemory<byte> made) => json.WriteRawValue(made.Span, skipInputValidation: true), [],
                ReadTags.People(tenant)),
            cancellation,
            remembered: !filter.Deleted);
    }
}
