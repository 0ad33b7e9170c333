using System.Text.Json.Serialization.Metadata;
using Slipway.Model.Resources;
using Slipway.Model.Schema;

namespace Slipway.Model.Tests.Schema;

public sealed class TypedSpecTests
{
    public static TheoryData<string, string, string> Parts() => new()
    {
        { "serving.knative.dev/v1", "Service", "spec" }, { "serving.knative.dev/v1", "Service", "status" },
        { "serving.knative.dev/v1", "Configuration", "spec" }, { "serving.knative.dev/v1", "Configuration", "status" },
        { "serving.knative.dev/v1", "Revision", "spec" }, { "serving.knative.dev/v1", "Revision", "status" },
        { "serving.knative.dev/v1", "Route", "spec" }, { "serving.knative.dev/v1", "Route", "status" },
        { "batch/v1", "Job", "spec" }, { "batch/v1", "Job", "status" },
        { "batch/v1", "CronJob", "spec" }, { "batch/v1", "CronJob", "status" },
        { "gateway.networking.k8s.io/v1", "HTTPRoute", "spec" }, { "gateway.networking.k8s.io/v1", "HTTPRoute", "status" },
        { "slipway.dev/v1", "TrafficPolicy", "spec" }, { "slipway.dev/v1", "TrafficPolicy", "status" },
        { "slipway.dev/v1", "Database", "spec" }, { "slipway.dev/v1", "Database", "status" },
        { "v1", "Namespace", "status" }, { "v1", "Pod", "status" }, { "v1", "Event", "" },
    };

    [Theory, MemberData(nameof(Parts))]
    public void What_code_reads_of_a_kind_is_what_its_schema_allows(string apiVersion, string name, string part)
    {
        var kind = Kinds.Find(apiVersion, name)!;
        var shape = part.Length == 0 ? Schemas.For(kind) : Schemas.For(kind).At(part)!;

        Compare(TypeOf(kind, part), shape, $"{name}.{part}", depth: 0);
    }

    private static JsonTypeInfo TypeOf(ResourceKind kind, string part) => (kind.Kind, part) switch
    {
        ("Service", "spec") => KindsJson.Default.ServiceSpec,
        ("Service", _) => KindsJson.Default.ServiceStatus,
        ("Configuration", "spec") => KindsJson.Default.ConfigurationSpec,
        ("Configuration", _) => KindsJson.Default.ConfigurationStatus,
        ("Revision", "spec") => KindsJson.Default.TemplateSpec,
        ("Revision", _) => KindsJson.Default.RevisionStatus,
        ("Route", "spec") => KindsJson.Default.RouteSpec,
        ("Route", _) => KindsJson.Default.RouteStatus,
        ("Job", "spec") => KindsJson.Default.JobSpec,
        ("Job", _) => KindsJson.Default.JobStatus,
        ("CronJob", "spec") => KindsJson.Default.CronJobSpec,
        ("CronJob", _) => KindsJson.Default.CronJobStatus,
        ("HTTPRoute", "spec") => KindsJson.Default.HttpRouteSpec,
        ("HTTPRoute", _) => KindsJson.Default.HttpRouteStatus,
        ("TrafficPolicy", "spec") => KindsJson.Default.TrafficPolicySpec,
        ("TrafficPolicy", _) => KindsJson.Default.TrafficPolicyStatus,
        ("Database", "spec") => KindsJson.Default.DatabaseSpec,
        ("Database", _) => KindsJson.Default.DatabaseStatus,
        ("Namespace", _) => KindsJson.Default.NamespaceStatus,
        ("Pod", _) => KindsJson.Default.PodStatus,
        _ => KindsJson.Default.EventBody,
    };

    private static void Compare(JsonTypeInfo type, Shape shape, string path, int depth)
    {
        Assert.True(depth < 20, path);
        foreach (var property in type.Properties)
        {
            // One type says the fields of jobs' and services' templates, and one those of volumes and of projected
            // sources; each place allows its own part of it.
            var onlyOfServices = property.Name is "containerConcurrency" or "timeoutSeconds" or "responseStartTimeoutSeconds" or "idleTimeoutSeconds"
                && shape.Find("restartPolicy") is { Gated: false };
            var onlyOfVolumes = property.Name == "defaultMode" && path.Contains(".sources.", StringComparison.Ordinal);
            if (onlyOfServices || onlyOfVolumes)
            {
                continue;
            }

            var field = shape.Find(property.Name);
            Assert.True(field is not null, $"{path}.{property.Name} is read by code but is not in the schema");
            var below = KindsJson.Default.GetTypeInfo(property.PropertyType);
            var child = field.Shape;
            if (below?.Kind == JsonTypeInfoKind.Enumerable)
            {
                Assert.Equal(ShapeType.List, child.Type);
                below = KindsJson.Default.GetTypeInfo(below.ElementType!);
                child = child.Items!;
            }

            if (below?.Kind == JsonTypeInfoKind.Object)
            {
                Assert.Equal(ShapeType.Object, child.Type);
                Compare(below, child, $"{path}.{property.Name}", depth + 1);
            }
        }
    }
}
