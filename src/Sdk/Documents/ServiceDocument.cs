using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Documents;

/// <summary>The service's OpenAPI 3.1 document. It is made when somebody first asks for it, so it costs no start time.</summary>
internal sealed class ServiceDocument(EndpointDataSource endpoints, ServiceShapes shapes, ProblemTexts problems, ServiceIdentity identity)
{
    private static readonly JsonSerializerOptions s_readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lazy<byte[]> _bytes = new(() => Encoding.UTF8.GetBytes(Describe(endpoints, shapes, new ProblemAnswers(problems), identity).ToJsonString(s_readable) + "\n"));

    public byte[] Bytes => _bytes.Value;

    private static JsonObject Describe(EndpointDataSource endpoints, ServiceShapes shapes, ProblemAnswers problems, ServiceIdentity identity)
    {
        var schemas = new Schemas(shapes);
        var paths = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var endpoint in endpoints.Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is { ExcludeFromDescription: true })
            {
                continue;
            }

            var path = Operation.PathOf(endpoint.RoutePattern);
            if (!paths.TryGetValue(path, out var methods))
            {
                paths.Add(path, methods = []);
            }

            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                methods[method.ToLowerInvariant()] = Operation.Describe(endpoint, method, schemas, problems);
            }
        }

        schemas.Components["Problem"] = ProblemSchema();
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = identity.Name, ["version"] = identity.Version },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["paths"] = new JsonObject(paths.Select(path => KeyValuePair.Create(path.Key, (JsonNode?)path.Value))),
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas.Components,
                ["responses"] = new JsonObject
                {
                    ["Problem"] = ProblemAnswers.Component(),
                },
                ["securitySchemes"] = new JsonObject
                {
                    ["bearer"] = new JsonObject
                    {
                        ["type"] = "http",
                        ["scheme"] = "bearer",
                        ["description"] = "An access token of the identity service, or an API key.",
                    },
                },
            },
        };
    }

    private static JsonObject ProblemSchema() => JsonNode.Parse("""
        {
          "type": "object",
          "required": ["type", "title", "status", "code", "detail", "retryable"],
          "properties": {
            "type": { "type": "string", "format": "uri-reference" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "code": { "type": "string", "description": "Stable; what programs and translations go by." },
            "detail": { "type": "string" },
            "instance": { "type": "string" },
            "args": { "type": "object", "description": "The values the words were made of." },
            "requestId": { "type": "string" },
            "traceId": { "type": "string" },
            "retryable": { "type": "boolean" },
            "errors": {
              "type": "array",
              "items": {
                "type": "object",
                "required": ["code", "detail"],
                "properties": {
                  "pointer": { "type": "string", "description": "JSON Pointer into the body." },
                  "parameter": { "type": "string" },
                  "header": { "type": "string" },
                  "code": { "type": "string" },
                  "detail": { "type": "string" },
                  "args": { "type": "object" }
                }
              }
            }
          }
        }
        """)!.AsObject();
}
