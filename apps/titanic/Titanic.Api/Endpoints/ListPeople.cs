using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Paging;
using Slipway.Sdk.Problems;
using Titanic.Api.Listing;
using Titanic.Api.People;

namespace Titanic.Api.Endpoints;

/// <summary>A list as clients read it; see <see cref="ListPeople"/> for its other form.</summary>
internal sealed record PeoplePageDocument(IReadOnlyList<PersonDocument> Items, Page Page);

/// <summary>
/// People page by page. With cursors the answer says how to go on; asked for with <c>page</c> and <c>pageSize</c> it says which page it is,
/// as older clients expect.
/// </summary>
internal static class ListPeople
{
    private const int PersonBytes = 420;

    public static void Map(IEndpointRouteBuilder api, AccessMode access) =>
        Filtered(access.Reads(api.MapGet("/people", HandleAsync)).WithName("listPeople").WithSummary("Lists people."))
            .TakesPage()
            .Takes("page", "From 1, instead of a cursor; page times pageSize is at most 10000.", "integer")
            .Takes("pageSize", "Up to 200, with page.", "integer")
            .Takes("count", "true: how many there are in all, in X-Total-Count and page.total.", "boolean")
            .Takes("deleted", "true: those who were deleted, for administrators.", "boolean")
            .Produces<PeoplePageDocument>(200);

    /// <summary>What every endpoint takes that is about some of the people.</summary>
    public static RouteHandlerBuilder Filtered(RouteHandlerBuilder endpoint) => endpoint
        .TakesHeader(Tenants.Tenants.HeaderName, "Whose people; everybody's unless said otherwise.")
        .Takes("survived", "Only who survived, or only who did not.", "boolean")
        .Takes("class", "Any of 1, 2, 3.")
        .Takes("sex", "Any of male, female, other.")
        .Takes("embarked", "Any of C, Q, S.")
        .Takes("minAge", "In years, such as 17.5.", "number")
        .Takes("maxAge", "In years.", "number")
        .Takes("minFare", "Such as 7.25.", "number")
        .Takes("maxFare", "Such as 512.3292.", "number")
        .Takes("name", "Words that are all in the name, the last perhaps not to its end.")
        .Takes("ticket", "Exactly this ticket.");

    private static async Task<IResult> HandleAsync(HttpContext http, [FromServices] PeopleReads reads, [FromServices] PeopleListing listing, CancellationToken cancellation)
    {
        if (!reads.TenantOf(http).Is(out var tenant, out var problem) || !PeopleQuery.Read(http.Request).Is(out var query, out problem))
        {
            return problem.ToResult();
        }

        if (PeopleReads.RefuseDeleted(http, query.Filter.Deleted) is { } refused)
        {
            return refused.ToResult();
        }

        return await reads.AnswerAsync(
            http,
            tenant,
            async token =>
            {
                if (!(await listing.ReadAsync(tenant, query, token)).Is(out var page, out var wrong))
                {
                    return ReadReplies.Refused(wrong);
                }

                var headers = new List<KeyValuePair<string, string>>(2);
                if (query.PageNumber is null)
                {
                    headers.Add(new("Link", Links.Text(http.Request, new Page(query.Page.Limit, page.Next, page.Prev, null))));
                }

                if (page.Total is { } total)
                {
                    headers.Add(new("X-Total-Count", total.Value.ToString(CultureInfo.InvariantCulture)));
                }

                return ReadReplies.Hashed(256 + (page.Items.Count * PersonBytes), (query, page), static (json, made) => Write(json, made.query, made.page), headers, ReadTags.People(tenant));
            },
            cancellation,
            remembered: !query.Filter.Deleted);
    }

    private static void Write(Utf8JsonWriter json, PeopleQuery query, PeoplePage page)
    {
        json.WriteStartObject();
        json.WriteStartArray("items"u8);
        foreach (var person in page.Items)
        {
            PersonJson.Write(json, person);
        }

        json.WriteEndArray();
        if (query.PageNumber is { } number)
        {
            json.WriteNumber("page"u8, number);
            json.WriteNumber("pageSize"u8, query.Page.Limit);
            Total(json, page.Total, plain: true);
        }
        else
        {
            json.WriteStartObject("page"u8);
            json.WriteNumber("limit"u8, query.Page.Limit);
            json.WriteString("next"u8, page.Next);
            json.WriteString("prev"u8, page.Prev);
            Total(json, page.Total, plain: false);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Total(Utf8JsonWriter json, PageTotal? total, bool plain)
    {
        if (total is null)
        {
            json.WriteNull("total"u8);
        }
        else if (plain)
        {
            json.WriteNumber("total"u8, total.Value);
        }
        else
        {
            json.WriteStartObject("total"u8);
            json.WriteNumber("value"u8, total.Value);
            json.WriteBoolean("exact"u8, total.Exact);
            json.WriteEndObject();
        }
    }
}
