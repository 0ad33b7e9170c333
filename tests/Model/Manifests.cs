using System.Text.Json.Nodes;
using Slipway.Model.Defaulting;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Model.Validation;

namespace Slipway.Model.Tests;

/// <summary>Small valid manifests; whatever a test changes is what the test is about.</summary>
internal static class Manifests
{
    public const string Container = "spec.template.spec.containers[0]";

    public static JsonObject Service(Action<JsonObject>? change = null) => Changed(
        """
        {"apiVersion":"serving.knative.dev/v1","kind":"Service","metadata":{"name":"web","namespace":"demo"},
         "spec":{"template":{"metadata":{"annotations":{}},"spec":{"containers":[{"image":"docker.io/library/web:1"}]}}}}
        """,
        change);

    public static JsonObject Revision(Action<JsonObject>? change = null) => Changed(
        """
        {"apiVersion":"serving.knative.dev/v1","kind":"Revision","metadata":{"name":"web-00001","namespace":"demo"},
         "spec":{"containers":[{"image":"docker.io/library/web:1"}]}}
        """,
        change);

    public static JsonObject Route(Action<JsonObject>? change = null) => Changed(
        """
        {"apiVersion":"serving.knative.dev/v1","kind":"Route","metadata":{"name":"web","namespace":"demo"},
         "spec":{"traffic":[{"configurationName":"web","percent":100}]}}
        """,
        change);

    public static JsonObject Configuration(Action<JsonObject>? change = null) => Changed(
        """
        {"apiVersion":"serving.knative.dev/v1","kind":"Configuration","metadata":{"name":"web","namespace":"demo"},
         "spec":{"template":{"spec":{"containers":[{"image":"docker.io/library/web:1"}]}}}}
        """,
        change);

    public static JsonObject Job(Action<JsonObject>? change = null) => Changed(
        """
        {"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"migrate","namespace":"demo","uid":"u-1"},
         "spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"main","image":"docker.io/library/web:1"}]}}}}
        """,
        change);

    public static JsonObject CronJob(Action<JsonObject>? change = null) => Changed(
        """
        {"apiVersion":"batch/v1","kind":"CronJob","metadata":{"name":"nightly","namespace":"demo"},
         "spec":{"schedule":"0 3 * * *","jobTemplate":{"spec":{"template":{"spec":{"restartPolicy":"Never",
           "containers":[{"name":"main","image":"docker.io/library/web:1"}]}}}}}}
        """,
        change);

    public static JsonObject Secret(Action<JsonObject>? change = null) => Changed(
        """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"keys","namespace":"demo"},"data":{"a":"YQ=="}}""", change);

    public static JsonObject ConfigMap(Action<JsonObject>? change = null) => Changed(
        """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings","namespace":"demo"},"data":{"a":"1"}}""", change);

    public static JsonObject Namespace(Action<JsonObject>? change = null) => Changed(
        """{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"demo"}}""", change);

    public static JsonObject HttpRoute(Action<JsonObject>? change = null) => Changed(
        """
        {"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"name":"shop","namespace":"demo"},
         "spec":{"parentRefs":[{"name":"slipway"}],"hostnames":["shop.example"],
           "rules":[{"matches":[{"path":{"value":"/api"}}],"backendRefs":[{"name":"web"}]}]}}
        """,
        change);

    public static JsonObject TrafficPolicy(Action<JsonObject>? change = null) => Changed(
        """
        {"apiVersion":"slipway.dev/v1","kind":"TrafficPolicy","metadata":{"name":"calm","namespace":"demo"},
         "spec":{"targetRef":{"kind":"Service","name":"web"},"rateLimits":[{"requestsPerSecond":0.5}],
           "retry":{},"circuitBreaker":{},"timeouts":{"request":"30s"}}}
        """,
        change);

    public static JsonObject Database(Action<JsonObject>? change = null) => Changed(
        """{"apiVersion":"slipway.dev/v1","kind":"Database","metadata":{"name":"orders-db","namespace":"demo"},"spec":{"services":["web"]}}""",
        change);

    public static JsonObject Broker(Action<JsonObject>? change = null) => Changed(
        """
        {"apiVersion":"eventing.knative.dev/v1","kind":"Broker","metadata":{"name":"orders","namespace":"demo"},
         "spec":{"delivery":{"retry":5,"backoffPolicy":"linear","backoffDelay":"PT0.5S"}}}
        """,
        change);

    public static JsonObject Trigger(Action<JsonObject>? change = null) => Changed(
        """
        {"apiVersion":"eventing.knative.dev/v1","kind":"Trigger","metadata":{"name":"ship","namespace":"demo"},
         "spec":{"broker":"orders","filters":[{"any":[{"prefix":{"type":"order."}},{"not":{"exact":{"source":"/test"}}}]}],
           "subscriber":{"ref":{"apiVersion":"serving.knative.dev/v1","kind":"Service","name":"shipping"},"uri":"/events/ship"}}}
        """,
        change);

    public static IEnumerable<(ResourceKind Kind, JsonObject Manifest)> All() =>
    [
        (Kinds.Service, Service()), (Kinds.Revision, Revision()), (Kinds.Route, Route()), (Kinds.Configuration, Configuration()),
        (Kinds.Job, Job()), (Kinds.CronJob, CronJob()), (Kinds.Secret, Secret()), (Kinds.ConfigMap, ConfigMap()),
        (Kinds.Namespace, Namespace()), (Kinds.HttpRoute, HttpRoute()), (Kinds.TrafficPolicy, TrafficPolicy()),
        (Kinds.Database, Database()), (Kinds.Broker, Broker()), (Kinds.Trigger, Trigger()),
    ];

    public static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    public static JsonObject Spec(this JsonObject manifest) => manifest["spec"]!.AsObject();

    public static JsonObject TemplateSpec(this JsonObject service) => service["spec"]!["template"]!["spec"]!.AsObject();

    public static JsonObject FirstContainer(this JsonObject service) => service.TemplateSpec()["containers"]![0]!.AsObject();

    /// <summary>Sets a value at a path such as <c>spec.template.spec.timeoutSeconds</c>, making objects on the way.</summary>
    public static void Put(this JsonObject manifest, string path, string json)
    {
        JsonNode here = manifest;
        var steps = path.Split('/');
        foreach (var step in steps[..^1])
        {
            here = int.TryParse(step, out var index) ? here[index]! : here[step] ?? (here[step] = new JsonObject());
        }

        if (int.TryParse(steps[^1], out var last))
        {
            here[last] = JsonNode.Parse(json);
        }
        else
        {
            here[steps[^1]] = JsonNode.Parse(json);
        }
    }

    public static JsonObject Defaulted(ResourceKind kind, JsonObject manifest, JsonObject? current = null)
    {
        Defaults.Apply(kind, manifest, current);
        return manifest;
    }

    public static IReadOnlyList<Finding> Check(ResourceKind kind, JsonObject manifest, JsonObject? current = null) =>
        Validator.Check(kind, Defaulted(kind, manifest, current), current);

    public static string Message(ResourceKind kind, JsonObject manifest, JsonObject? current = null) =>
        ServingMessages.Format(Check(kind, manifest, current));

    private static JsonObject Changed(string json, Action<JsonObject>? change)
    {
        var manifest = Parse(json);
        change?.Invoke(manifest);
        return manifest;
    }
}
