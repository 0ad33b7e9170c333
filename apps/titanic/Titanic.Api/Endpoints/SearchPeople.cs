using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;
using Titanic.Api.People;
using Titanic.Api.Searching;

namespace Titanic.Api.Endpoints;

/// <param name="Words">What was typed, and the words of names it was led to.</param>
/// <param name="Complete">False if more people fit than were looked at; more words narrow it.</param>
internal sealed record SearchDocument(IReadOnlyList<FoundDocument> Items, IReadOnlyList<SearchedWord> Words, bool Complete);

/// <summary>A person with how well the name fits, from 0 to 1.</summary>
internal sealed record FoundDocument(Guid Uuid, int PassengerId, string Name, double Score);

internal sealed record SearchedWord(string Typed, IReadOnlyList<string> Matched);

internal static class SearchPeople
{
    public static void Map(IEndpointRouteBuilder api, AccessMode access) =>
        access.Reads(api.MapGet("/people/search", HandleAsync)).WithName("searchPeople").WithSummary("Finds people by words of their names, the best first; each item is a whole person and its score.")
            .TakesHeader(Tenants.Tenants.HeaderName, "Whose people; everybody's unless said otherwise.")
            .Takes("q", "Words that are all in the name, the last perhaps not to its end.")
            .Takes("fuzzy", "true: words may be misspelt; each must have at least three letters.", "boolean")
            .Takes("limit", "Up to 200, 50 unless said otherwise.", "integer")
            .Produces<SearchDocument>(200);

    private static async Task<IResult> HandleAsync(HttpContext http, [FromServices] PeopleReads reads, [FromServices] NameSearch search, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var (text, fuzzy, limit) = (query.Text("q"), query.Flag("fuzzy") ?? false, query.Number("limit", 1, NameSearch.PeopleMax) ?? 50);
        var words = Words.Of(text ?? "");
        if (words.Count == 0)
        {
            query.Wrong("q", "required", "q must have letters or digits in it.");
        }
        else if (fuzzy && words.Any(word => word.Length < NameSearch.FuzzyLettersMin))
        {
            query.Wrong("q", "tooShort", $"Each word of q must have at least {NameSearch.FuzzyLettersMin} letters when it may be misspelt.");
        }

        if (query.Problem() is { } wrong)
        {
            return wrong.ToResult();
        }

        if (!reads.TenantOf(http).Is(out var tenant, out var problem))
        {
            return problem.ToResult();
        }

        return await reads.AnswerAsync(
            http,
            tenant,
            async token => ReadReplies.Hashed(16_384, await search.FindAsync(tenant, text!, fuzzy, limit, token), Write, [], ReadTags.People(tenant)),
            cancellation);
    }

    private static void Write(Utf8JsonWriter json, FoundPeople found)
    {
        json.WriteStartObject();
        json.WriteStartArray("items"u8);
        foreach (var (person, score) in found.People)
        {
            json.WriteStartObject();
            PersonJson.WriteMembers(json, person);
            json.WriteNumber("score"u8, Math.Round(score, 3));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("words"u8);
        foreach (var word in found.Words)
        {
            json.WriteStartObject();
            json.WriteString("typed"u8, word.Typed);
            json.WriteStartArray("matched"u8);
            foreach (var match in word.Matches)
            {
                json.WriteStringValue(match.Word);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBoolean("complete"u8, found.Complete);
        json.WriteEndObject();
    }
}
