using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;
using Titanic.Api.Listing;
using Titanic.Api.People;
using Titanic.Api.Statistics;
using Titanic.Api.Tenants;

namespace Titanic.Api.Graph;

/// <summary>
/// Answers queries: <c>person(uuid | passengerId)</c>, <c>people(filter, sort, first, after)</c> and <c>stats(filter, groupBy)</c>. Filters have the
/// names and the rules of the list's own parameters, because they are read by the same code.
/// </summary>
internal sealed class GraphAnswers(TenantData data, PeopleListing listing, PeopleStatistics statistics)
{
    /// <summary>Each may ask the database once.</summary>
    private const int RootsMax = 10;

    public async Task<ReadOnlyMemory<byte>> AnswerAsync(Tenant tenant, string query, JsonObject? variables, CancellationToken cancellation)
    {
        var buffer = new ArrayBufferWriter<byte>(4_096);
        try
        {
            var roots = GraphQuery.Read(query, variables);
            Check(query, roots);
            using var json = new Utf8JsonWriter(buffer);
            json.WriteStartObject();
            json.WriteStartObject("data"u8);
            foreach (var root in roots)
            {
                var (shape, value) = await ReadAsync(tenant, query, root, cancellation);
                json.WritePropertyName(root.Alias);
                if (shape is null)
                {
                    json.WriteStringValue("Query");
                    continue;
                }

                using var document = JsonDocument.Parse(value);
                shape.Write(json, document.RootElement, root.Fields);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }
        catch (GraphException exception)
        {
            return Refusal(exception);
        }

        return buffer.WrittenMemory;
    }

    private static void Check(string query, IReadOnlyList<GraphField> roots)
    {
        if (roots.Count > RootsMax)
        {
            throw GraphException.At(query, roots[RootsMax].At, $"A query asks at most {RootsMax} questions at once.");
        }

        foreach (var root in roots)
        {
            var (shape, arguments) = root.Name switch
            {
                "person" => (GraphShape.Person, (string[])["uuid", "passengerId"]),
                "people" => (GraphShape.People, ["filter", "sort", "first", "after"]),
                "stats" => (GraphShape.Stats, ["filter", "groupBy"]),
                "__typename" => (null, []),
                "__schema" or "__type" => throw GraphException.At(query, root.At, "The schema cannot be asked for; the service's document at /docs describes it."),
                _ => throw GraphException.At(query, root.At, $"There is no field {root.Name}. Known are: person, people, stats."),
            };
            if (root.Arguments.Keys.FirstOrDefault(name => !arguments.Contains(name)) is { } unknown)
            {
                throw GraphException.At(query, root.At, $"{root.Name} has no argument {unknown}. Known are: {string.Join(", ", arguments)}.");
            }

            if (shape is not null && root.Fields.Count == 0)
            {
                throw GraphException.At(query, root.At, $"Say which fields of {root.Name} you want, in {{ and }}.");
            }

            shape?.Check(query, root.Fields);
        }
    }

    private async Task<(GraphShape? Shape, ReadOnlyMemory<byte> Value)> ReadAsync(Tenant tenant, string query, GraphField root, CancellationToken cancellation) => root.Name switch
    {
        "person" => (GraphShape.Person, await PersonAsync(tenant, query, root, cancellation)),
        "people" => (GraphShape.People, await PeopleAsync(tenant, query, root, cancellation)),
        "stats" => (GraphShape.Stats, await StatsAsync(tenant, query, root, cancellation)),
        _ => (null, default),
    };

    private async Task<ReadOnlyMemory<byte>> PersonAsync(Tenant tenant, string query, GraphField root, CancellationToken cancellation)
    {
        var named = root.Arguments.Where(argument => argument.Value is not null).ToList();
        if (named.Count != 1)
        {
            throw GraphException.At(query, root.At, "person is asked for by uuid or by passengerId.");
        }

        if (!PersonKey.Read(Word(query, root, named[0].Key, named[0].Value)).Is(out var key, out _) || (named[0].Key == "uuid") != (key.Uuid is not null))
        {
            return "null"u8.ToArray();
        }

        var person = await data.OneAsync(tenant, "person", new Question(PersonRows.Find(key), key.Value), PersonRows.Read, cancellation);
        return person is null or { DeletedAt: not null } ? "null"u8.ToArray() : PersonJson.Bytes(person);
    }

    private async Task<ReadOnlyMemory<byte>> PeopleAsync(Tenant tenant, string query, GraphField root, CancellationToken cancellation)
    {
        var request = Request(query, root, ("sort", "sort"), ("first", "limit"), ("after", "cursor"));
        if (root.Fields.Any(field => field.Name == "totalCount"))
        {
            request.QueryString = request.QueryString.Add("count", "true");
        }

        if (!PeopleQuery.Read(request).Is(out var asked, out var problem) || !(await listing.ReadAsync(tenant, asked, cancellation)).Is(out var page, out problem))
        {
            throw Refused(query, root, problem);
        }

        return PersonJson.Bytes(512 * (page.Items.Count + 1), page, static (json, made) =>
        {
            json.WriteStartObject();
            json.WriteStartArray("items"u8);
            foreach (var person in made.Items)
            {
                PersonJson.Write(json, person);
            }

            json.WriteEndArray();
            PersonJson.Number(json, "totalCount"u8, made.Total?.Value);
            json.WriteString("endCursor"u8, made.Next);
            json.WriteBoolean("hasNextPage"u8, made.Next is not null);
            json.WriteEndObject();
        });
    }

    private async Task<ReadOnlyMemory<byte>> StatsAsync(Tenant tenant, string query, GraphField root, CancellationToken cancellation)
    {
        var read = Query.Of(Request(query, root, ("groupBy", "groupBy")));
        var filter = PeopleFilter.Read(read);
        var groups = read.List("groupBy").Distinct(StringComparer.Ordinal).ToList();
        if (groups.Exists(group => !Grouping.Names.Contains(group)))
        {
            read.Wrong("groupBy", "notOneOf", $"groupBy must be some of {string.Join(", ", Grouping.Names)}.");
        }

        return read.Problem() is { } problem
            ? throw Refused(query, root, problem)
            : await statistics.ReadAsync(tenant, filter, [.. groups.Select(Grouping.Of)], cancellation);
    }

    /// <summary>The question as the list would be asked it.</summary>
    private static HttpRequest Request(string query, GraphField root, params (string Argument, string Parameter)[] arguments)
    {
        var words = new QueryBuilder();
        switch (root.Arguments.GetValueOrDefault("filter"))
        {
            case null:
                break;
            case JsonObject filter:
                foreach (var (name, value) in filter)
                {
                    if (name is "deleted" or "limit" or "cursor" or "sort" or "page" or "pageSize" or "count" or "groupBy")
                    {
                        throw GraphException.At(query, root.At, $"filter has no member {name}.");
                    }

                    Add(name, value);
                }

                break;
            default:
                throw GraphException.At(query, root.At, "filter must be an object, such as { class: [1, 2] }.");
        }

        foreach (var (argument, parameter) in arguments)
        {
            Add(parameter, root.Arguments.GetValueOrDefault(argument));
        }

        var request = new DefaultHttpContext().Request;
        request.QueryString = words.ToQueryString();
        return request;

        void Add(string name, JsonNode? value)
        {
            foreach (var item in value is JsonArray items ? items.AsEnumerable() : [value])
            {
                if (item is not null)
                {
                    words.Add(name, Word(query, root, name, item));
                }
            }
        }
    }

    private static string Word(string query, GraphField root, string name, JsonNode? value) => value switch
    {
        JsonValue plain when plain.TryGetValue<string>(out var text) => text,
        JsonValue plain when plain.TryGetValue<bool>(out var flag) => flag ? "true" : "false",
        JsonValue plain when plain.TryGetValue<decimal>(out var number) => number.ToString(CultureInfo.InvariantCulture),
        JsonValue plain when plain.GetValueKind() == JsonValueKind.Number => plain.ToJsonString(),
        _ => throw GraphException.At(query, root.At, $"{name} must be a plain value or a list of them."),
    };

    private static GraphException Refused(string query, GraphField root, Problem problem) =>
        GraphException.At(query, root.At, problem.Errors.Count > 0 ? string.Join(' ', problem.Errors.Select(error => error.Detail)) : problem.Detail);

    private static ReadOnlyMemory<byte> Refusal(GraphException exception) => PersonJson.Bytes(256, exception, static (json, wrong) =>
    {
        json.WriteStartObject();
        json.WriteStartArray("errors"u8);
        json.WriteStartObject();
        json.WriteString("message"u8, wrong.Message);
        json.WriteStartArray("locations"u8);
        json.WriteStartObject();
        json.WriteNumber("line"u8, wrong.Line);
        json.WriteNumber("column"u8, wrong.Column);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
