using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Slipway.Sdk.Callers;

namespace Slipway.Sdk.Documents;

/// <summary>One method of one address as OpenAPI describes it.</summary>
internal static class Operation
{
    private static readonly string[] s_patch = ["application/merge-patch+json"];

    public static JsonObject Describe(RouteEndpoint endpoint, string method, Schemas schemas, ProblemAnswers problems)
    {
        var metadata = endpoint.Metadata;
        var operation = new JsonObject { ["operationId"] = IdOf(endpoint, method), ["tags"] = TagsOf(endpoint) };
        if (metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary is { } summary)
        {
            operation["summary"] = summary;
        }

        if (metadata.GetMetadata<IEndpointDescriptionMetadata>()?.Description is { } description)
        {
            operation["description"] = description;
        }

        if (metadata.GetMetadata<Deprecation>() is { } deprecation)
        {
            operation["deprecated"] = true;
            operation["x-sunset"] = deprecation.Sunset.ToString("O", CultureInfo.InvariantCulture);
            if (deprecation.Successor is { } successor)
            {
                operation["x-successor"] = successor;
            }
        }

        var parameters = ParametersOf(endpoint);
        if (parameters.Count > 0)
        {
            operation["parameters"] = parameters;
        }

        var body = metadata.GetMetadata<IAcceptsMetadata>();
        var reads = body is not null || method is "POST" or "PUT" or "PATCH";
        if (body is not null)
        {
            operation["requestBody"] = BodyOf(body, method, schemas, metadata.GetMetadata<BodyExample>());
        }

        var rules = AccessRule.InForce(metadata.GetOrderedMetadata<AccessRule>()) ?? [];
        operation["responses"] = ResponsesOf(endpoint, method, schemas, problems, reads, rules.Count > 0);
        if (rules.Count > 0)
        {
            var scopes = rules.OfType<AccessRule.Scope>().Select(scope => (JsonNode)scope.Name);
            operation["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray([.. scopes]) });
        }

        return operation;
    }

    /// <summary>The address without what only routing needs: constraints, defaults and the stars of catch-alls.</summary>
    public static string PathOf(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter => "{" + parameter.Name + "}",
        _ => "",
    }))));

    /// <summary>The endpoint's name; one without a name is called after what it does: getTodosById.</summary>
    private static string IdOf(RouteEndpoint endpoint, string method)
    {
        if (endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName is { } name)
        {
            var several = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Count > 1;
            return several ? name + Capital(method.ToLowerInvariant()) : name;
        }

        var words = PathOf(endpoint.RoutePattern)
            .Split('/', StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word != "api" && !IsVersion(word))
            .Select(word => word.StartsWith('{') ? "By" + Capital(word.Trim('{', '}')) : string.Concat(word.Split('-', '.', '_').Select(Capital)));
        return method.ToLowerInvariant() + string.Concat(words);
    }

    private static JsonArray TagsOf(RouteEndpoint endpoint)
    {
        var tags = endpoint.Metadata.GetMetadata<ITagsMetadata>()?.Tags;
        var first = PathOf(endpoint.RoutePattern)
            .Split('/', StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(word => word != "api" && !IsVersion(word) && !word.StartsWith('{'));
        return tags is { Count: > 0 } ? new JsonArray([.. tags.Select(tag => (JsonNode)tag)]) : new JsonArray(first ?? "service");
    }

    private static JsonArray ParametersOf(RouteEndpoint endpoint)
    {
        var parameters = new JsonArray();
        foreach (var parameter in endpoint.RoutePattern.Parameters)
        {
            var constraint = parameter.ParameterPolicies.Select(policy => policy.Content).FirstOrDefault(content => content is not null);
            var schema = constraint switch
            {
                "guid" => new JsonObject { ["type"] = "string", ["format"] = "uuid" },
                "int" or "long" => new JsonObject { ["type"] = "integer" },
                _ => new JsonObject { ["type"] = "string" },
            };
            parameters.Add((JsonNode)new JsonObject { ["name"] = parameter.Name, ["in"] = "path", ["required"] = true, ["schema"] = schema });
        }

        foreach (var parameter in endpoint.Metadata.GetOrderedMetadata<DescribedParameter>())
        {
            var described = new JsonObject { ["name"] = parameter.Name, ["in"] = parameter.In, ["description"] = parameter.Description };
            if (parameter.Required)
            {
                described["required"] = true;
            }

            described["schema"] = new JsonObject { ["type"] = parameter.Type };
            parameters.Add((JsonNode)described);
        }

        return parameters;
    }

    private static JsonObject BodyOf(IAcceptsMetadata body, string method, Schemas schemas, BodyExample? example)
    {
        var types = body.ContentTypes.Count > 0 ? body.ContentTypes : method == "PATCH" ? s_patch : ["application/json"];
        var content = ContentOf(types, body.RequestType, schemas);
        foreach (var (type, described) in content)
        {
            if (example is not null && type.EndsWith("json", StringComparison.Ordinal))
            {
                described!["example"] = JsonNode.Parse(example.Json);
            }
        }

        return new JsonObject { ["required"] = !body.IsOptional, ["content"] = content };
    }

    private static JsonObject ContentOf(IEnumerable<string> mediaTypes, Type? type, Schemas schemas)
    {
        var content = new JsonObject();
        foreach (var mediaType in mediaTypes)
        {
            var described = new JsonObject();
            if (type is not null && type != typeof(void) && schemas.Of(type) is { } schema)
            {
                described["schema"] = schema;
            }

            content[mediaType] = described;
        }

        return content;
    }

    private static JsonObject ResponsesOf(RouteEndpoint endpoint, string method, Schemas schemas, ProblemAnswers problems, bool reads, bool closed)
    {
        var responses = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var produced in endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>())
        {
            if (produced.StatusCode >= 400)
            {
                responses[produced.StatusCode.ToString(CultureInfo.InvariantCulture)] = ProblemAnswers.Any();
                continue;
            }

            var response = new JsonObject { ["description"] = produced.Description ?? DescriptionOf(produced.StatusCode) };
            if (produced.Type is { } type && type != typeof(void))
            {
                response["content"] = ContentOf(produced.ContentTypes.DefaultIfEmpty("application/json"), type, schemas);
            }

            responses[produced.StatusCode.ToString(CultureInfo.InvariantCulture)] = response;
        }

        if (!responses.Keys.Any(status => status[0] is '2' or '3'))
        {
            var status = method == "DELETE" ? 204 : 200;
            responses[status.ToString(CultureInfo.InvariantCulture)] = new JsonObject { ["description"] = DescriptionOf(status) };
        }

        foreach (var (status, answer) in problems.Of(endpoint.Metadata.GetOrderedMetadata<AnsweredProblems>().SelectMany(named => named.Codes), IdOf(endpoint, method)))
        {
            responses[status] = answer;
        }

        int[] usual = [400, .. closed ? [401, 403] : Array.Empty<int>(), .. endpoint.RoutePattern.Parameters.Count > 0 ? [404] : Array.Empty<int>(), .. reads ? [413, 415] : Array.Empty<int>(), 422, 429, 500, 503];
        foreach (var status in usual)
        {
            responses.TryAdd(status.ToString(CultureInfo.InvariantCulture), ProblemAnswers.Any());
        }

        return new JsonObject(responses.Select(response => KeyValuePair.Create(response.Key, (JsonNode?)response.Value)));
    }

    private static string DescriptionOf(int status) => status switch
    {
        200 => "Done; the body tells.",
        201 => "Created; Location says where.",
        202 => "Accepted; Location tells how it goes.",
        204 => "Done.",
        207 => "One answer for each item.",
        304 => "Unchanged.",
        _ => $"Status {status}.",
    };

    private static bool IsVersion(string word) => word.Length > 1 && word[0] == 'v' && word.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;

    private static string Capital(string word) => word.Length == 0 ? "" : char.ToUpperInvariant(word[0]) + word[1..];
}
