using System.Text.Json.Nodes;

namespace Slipway.Api.Tests.Hosting;

/// <summary>Manifests with everything a kind needs and nothing else.</summary>
internal static class Manifests
{
    public const string Services = "/apis/serving.knative.dev/v1/namespaces/default/services";
    public const string ConfigMaps = "/api/v1/namespaces/default/configmaps";

    public static string Service(string name, string image = "example.test/shop:1", string @namespace = "default") => $$$$$$"""
        {"apiVersion":"serving.knative.dev/v1","kind":"Service","metadata":{"name":"{{{{{{name}}}}}}","namespace":"{{{{{{@namespace}}}}}}"},
         "spec":{"template":{"spec":{"containers":[{"image":"{{{{{{image}}}}}}"}]}}}}
        """;

    public static string ConfigMap(string name, params string[] keysAndValues)
    {
        var data = new JsonObject();
        for (var index = 0; index < keysAndValues.Length; index += 2)
        {
            data[keysAndValues[index]] = keysAndValues[index + 1];
        }

        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = name },
            ["data"] = data,
        }.ToJsonString();
    }

    public static string Job(string name) => $$$$$$"""
        {"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"{{{{{{name}}}}}}"},
         "spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"main","image":"example.test/job:1"}]}}}}
        """;
}
