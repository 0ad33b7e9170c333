using System.Text.Json.Nodes;

namespace Slipway.EndToEnd.Tests.Harness;

/// <summary>Manifests as a user would write them, and how to read what came of them.</summary>
internal static class Manifests
{
    public static string HelloWith(string image, string service, params (string Key, string Value)[] annotations) => $"""
        apiVersion: serving.knative.dev/v1
        kind: Service
        metadata:
          name: {service}
        spec:
          template:
            metadata:
              annotations:
                slipway.dev/scene: {service}
        {string.Concat(annotations.Select(annotation => $"        {annotation.Key}: \"{annotation.Value}\"\n"))}    spec:
              containers:
              - image: {image}
                command: ["./hello"]
        """;

    public static bool IsReady(JsonNode? resource) => Condition(resource, "Ready") is { } ready
        && (string?)ready["status"] == "True"
        && (long?)resource!["status"]!["observedGeneration"] == (long?)resource["metadata"]!["generation"];

    public static JsonNode? Condition(JsonNode? resource, string type) =>
        (resource?["status"]?["conditions"] as JsonArray)?.FirstOrDefault(condition => (string?)condition!["type"] == type);
}
