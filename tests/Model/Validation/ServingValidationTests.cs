using System.Text.Json.Nodes;
using Slipway.Model.Resources;
using Slipway.Model.Validation;
using Slipway.Model.Values;

namespace Slipway.Model.Tests.Validation;

public sealed class ServingValidationTests
{
    [Fact]
    public void Every_sample_manifest_is_accepted()
    {
        foreach (var (kind, manifest) in Manifests.All())
        {
            var findings = Manifests.Check(kind, manifest);
            Assert.True(findings.Count == 0, $"{kind}: {string.Join("; ", findings)}");
        }
    }

    // Path (slash separated), value, expected line of the message.
    public static TheoryData<string, string, string> Cases() => new()
    {
        { "spec/template/spec/containers/0/image", "\"\"", "missing field(s): spec.template.spec.containers[0].image" },
        { "spec/template/spec/containers/0/image", "\"Upper/Case\"", "invalid value: Upper/Case: spec.template.spec.containers[0].image" },
        { "spec/template/spec/containers/0/image", "\"dotnet://src/Web\"", "invalid value: dotnet://src/Web: spec.template.spec.containers[0].image" },
        { "spec/template/spec/containers", "[]", "missing field(s): spec.template.spec.containers" },
        { "spec/template", "{}", "missing field(s): spec.template.spec.containers" },
        { "spec/template/spec/timeoutSeconds", "601", "expected 0 <= 601 <= 600: spec.template.spec.timeoutSeconds" },
        { "spec/template/spec/containerConcurrency", "1001", "expected 0 <= 1001 <= 1000: spec.template.spec.containerConcurrency" },
        { "spec/template/spec/containerConcurrency", "-1", "expected 0 <= -1 <= 1000: spec.template.spec.containerConcurrency" },
        { "spec/template/spec/responseStartTimeoutSeconds", "301", "expected 0 <= 301 <= 300: spec.template.spec.responseStartTimeoutSeconds" },
        { "spec/template/spec/nodeSelector", "{\"a\":\"b\"}", "must not set the field(s): spec.template.spec.nodeSelector" },
        { "spec/template/spec/initContainers", "[{\"image\":\"x\"}]", "must not set the field(s): spec.template.spec.initContainers" },
        { "spec/template/spec/automountServiceAccountToken", "true", "invalid value: true: spec.template.spec.automountServiceAccountToken" },
        { "spec/template/spec/serviceAccountName", "\"foo@bar.baz\"", "invalid value: foo@bar.baz: spec.template.spec.serviceAccountName\n" + Names.Dns1123SubdomainPhrase },
        { "spec/template/spec/containers/0/lifecycle", "{\"preStop\":{}}", "must not set the field(s): spec.template.spec.containers[0].lifecycle" },
        { "spec/template/spec/containers/0/name", "\"queue-proxy\"", "\"queue-proxy\" is a reserved container name: spec.template.spec.containers[0].name" },
        { "spec/template/spec/containers/0/ports", "[{\"containerPort\":65536}]", "expected 0 <= 65536 <= 65535: spec.template.spec.containers[0].ports[0].containerPort" },
        { "spec/template/spec/containers/0/ports", "[{\"containerPort\":80},{\"containerPort\":81}]", "more than one container port is set: spec.template.spec.containers[0].ports" },
        { "spec/template/spec/containers/0/ports", "[{\"containerPort\":80,\"name\":\"web\"}]", "port name web is not allowed: spec.template.spec.containers[0].ports[0].name" },
        { "spec/template/spec/containers/0/ports", "[{\"containerPort\":80,\"hostPort\":80}]", "must not set the field(s): spec.template.spec.containers[0].ports[0].hostPort" },
        { "spec/template/spec/containers/0/ports", "[{\"containerPort\":80,\"protocol\":\"UDP\"}]", "invalid value: UDP: spec.template.spec.containers[0].ports[0].protocol" },
        { "spec/template/spec/containers/0/env", "[{\"name\":\"PORT\",\"value\":\"1\"}]", "\"PORT\" is a reserved environment variable: spec.template.spec.containers[0].env[0].name" },
        { "spec/template/spec/containers/0/env", "[{\"name\":\"K_REVISION\"}]", "\"K_REVISION\" is a reserved environment variable: spec.template.spec.containers[0].env[0].name" },
        { "spec/template/spec/containers/0/env", "[{\"value\":\"x\"}]", "missing field(s): spec.template.spec.containers[0].env[0].name" },
        { "spec/template/spec/containers/0/env", "[{\"name\":\"1A\"}]", "invalid value: 1A: spec.template.spec.containers[0].env[0].name" },
        { "spec/template/spec/containers/0/env", "[{\"name\":\"A\",\"valueFrom\":{}}]", "expected exactly one, got neither: spec.template.spec.containers[0].env[0].valueFrom.configMapKeyRef, spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef" },
        { "spec/template/spec/containers/0/env", "[{\"name\":\"A\",\"value\":\"x\",\"valueFrom\":{\"secretKeyRef\":{\"name\":\"s\",\"key\":\"k\"}}}]", "expected exactly one, got both: spec.template.spec.containers[0].env[0].value, spec.template.spec.containers[0].env[0].valueFrom" },
        { "spec/template/spec/containers/0/env", "[{\"name\":\"A\",\"valueFrom\":{\"fieldRef\":{\"fieldPath\":\"x\"}}}]", "must not set the field(s): spec.template.spec.containers[0].env[0].valueFrom.fieldRef" },
        { "spec/template/spec/containers/0/env", "[{\"name\":\"A\",\"valueFrom\":{\"secretKeyRef\":{\"name\":\"s\"}}}]", "missing field(s): spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef.key" },
        { "spec/template/spec/containers/0/envFrom", "[{\"prefix\":\"A\"}]", "expected exactly one, got neither: spec.template.spec.containers[0].envFrom[0].configMapRef, spec.template.spec.containers[0].envFrom[0].secretRef" },
        { "spec/template/spec/containers/0/volumeMounts", "[{\"name\":\"v\",\"mountPath\":\"/data\"}]", "volumeMount has no matching volume: spec.template.spec.containers[0].volumeMounts[0].name" },
        { "spec/template/spec/containers/0/volumeMounts", "[{\"name\":\"v\",\"mountPath\":\"/var/log/\"}]", "\"/var/log\" is a reserved path: spec.template.spec.containers[0].volumeMounts[0].mountPath" },
        { "spec/template/spec/containers/0/volumeMounts", "[{\"name\":\"v\",\"mountPath\":\"data\"}]", "invalid value: data: spec.template.spec.containers[0].volumeMounts[0].mountPath" },
        { "spec/template/spec/containers/0/volumeMounts", "[{\"name\":\"v\",\"mountPath\":\"/a\",\"mountPropagation\":\"None\"}]", "must not set the field(s): spec.template.spec.containers[0].volumeMounts[0].mountPropagation" },
        { "spec/template/spec/volumes", "[{\"name\":\"v\",\"emptyDir\":{}}]", "volume with name \"v\" not mounted: spec.template.spec.volumes[0].name" },
        { "spec/template/spec/volumes", "[{\"name\":\"v\"}]", "expected exactly one, got neither: spec.template.spec.volumes[0].configMap, spec.template.spec.volumes[0].emptyDir, spec.template.spec.volumes[0].projected, spec.template.spec.volumes[0].secret" },
        { "spec/template/spec/volumes", "[{\"name\":\"v\",\"hostPath\":{\"path\":\"/\"}}]", "must not set the field(s): spec.template.spec.volumes[0].hostPath" },
        { "spec/template/spec/containers/0/resources", "{\"limits\":{\"cpu\":\"lots\"}}", "invalid value: lots: spec.template.spec.containers[0].resources.limits[cpu]" },
        { "spec/template/spec/containers/0/securityContext", "{\"runAsUser\":2147483648}", "expected 0 <= 2147483648 <= 2147483647: spec.template.spec.containers[0].securityContext.runAsUser" },
        { "spec/template/spec/containers/0/readinessProbe", "{\"failureThreshold\":3}", "must not set the field(s): spec.template.spec.containers[0].readinessProbe.failureThreshold" },
        { "spec/template/spec/containers/0/readinessProbe", "{\"periodSeconds\":1,\"failureThreshold\":-1}", "expected 1 <= -1 <= 2147483647: spec.template.spec.containers[0].readinessProbe.failureThreshold" },
        { "spec/template/spec/containers/0/livenessProbe", "{}", "expected exactly one, got neither: spec.template.spec.containers[0].livenessProbe.exec, spec.template.spec.containers[0].livenessProbe.grpc, spec.template.spec.containers[0].livenessProbe.httpGet, spec.template.spec.containers[0].livenessProbe.tcpSocket" },
        { "spec/template/spec/containers/0/livenessProbe", "{\"httpGet\":{\"port\":\"web\"}}", "invalid value: web: spec.template.spec.containers[0].livenessProbe.httpGet.port" },
        { "spec/template/spec/containers/0/imagePullPolicy", "\"Sometimes\"", "invalid value: Sometimes: spec.template.spec.containers[0].imagePullPolicy" },
        { "spec/traffic", "[{\"latestRevision\":true,\"percent\":90}]", "traffic percentages add up to 90, expected 100: spec.traffic" },
        { "spec/traffic", "[{\"latestRevision\":true,\"percent\":101}]", "expected 0 <= 101 <= 100: spec.traffic[0].percent" },
        { "spec/traffic", "[{\"percent\":100,\"url\":\"http://x\"}]", "must not set the field(s): spec.traffic[0].url" },
        { "spec/traffic", "[{\"percent\":100,\"configurationName\":\"web\"}]", "must not set the field(s): spec.traffic[0].configurationName" },
        { "spec/traffic", "[{\"percent\":100,\"latestRevision\":false}]", "missing field(s): spec.traffic[0].revisionName" },
        { "spec/traffic", "[{\"percent\":100,\"latestRevision\":true,\"revisionName\":\"web-00001\"}]", "invalid value: true: spec.traffic[0].latestRevision" },
        { "spec/traffic", "[{\"percent\":100,\"tag\":\"a\"},{\"tag\":\"a\"}]", "duplicate tag \"a\": spec.traffic[1].tag" },
        { "spec/traffic", "[{\"percent\":100,\"tag\":\"1a\"}]", "invalid value: 1a: spec.traffic[0].tag\n" + Names.Dns1035LabelPhrase },
        { "metadata/name", "\"Web\"", "invalid value: Web: metadata.name\n" + Names.Dns1035LabelPhrase },
        { "metadata/labels", "{\"a\":\"no blanks\"}", "invalid value: no blanks: metadata.labels[a]\n" + Names.LabelValuePhrase },
        { "metadata/annotations", "{\"a b\":\"\"}", "invalid key name \"a b\": metadata.annotations[a b]\n" + Names.NamePartPhrase },
        { "metadata/annotations", "{\"autoscaling.knative.dev/minScale\":\"1\"}", "invalid key name \"autoscaling.knative.dev/minScale\": metadata.annotations[autoscaling.knative.dev/minScale]" },
        { "metadata/annotations", "{\"serving.knative.dev/rollout-duration\":\"1.5s\"}", "invalid value: 1.5s: metadata.annotations[serving.knative.dev/rollout-duration]" },
        { "metadata/annotations", "{\"run.googleapis.com/minScale\":\"few\"}", "invalid value: few: metadata.annotations[run.googleapis.com/minScale]" },
        { "spec/template/metadata/name", "\"other-1\"", "invalid value: other-1: spec.template.metadata.name" },
        { "spec/template/metadata/annotations", "{\"serving.knative.dev/progress-deadline\":\"soon\"}", "invalid value: soon: spec.template.metadata.annotations[serving.knative.dev/progress-deadline]" },
    };

    [Theory, MemberData(nameof(Cases))]
    public void A_service_is_refused_with_the_finding_and_its_path(string path, string value, string expected)
    {
        var message = Manifests.Message(Kinds.Service, Manifests.Service(service => service.Put(path, value)));

        Assert.StartsWith(ServingMessages.Prefix, message, StringComparison.Ordinal);
        Assert.Contains("\n" + expected, "\n" + message[ServingMessages.Prefix.Length..], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("class", "other.example.com", "invalid value: other.example.com")]
    [InlineData("metric", "cpu", "invalid value: cpu")]
    [InlineData("minScale", "-1", "expected 0 <= -1 <= 2147483647")]
    [InlineData("min-scale", "one", "invalid value: one")]
    [InlineData("maxScale", "1.5", "invalid value: 1.5")]
    [InlineData("initialScale", "0", "expected 1 <= 0 <= 2147483647")]
    [InlineData("activation-scale", "1", "expected 2 <= 1 <= 2147483647")]
    [InlineData("target", "0.001", "invalid value: 0.001")]
    [InlineData("targetUtilizationPercentage", "101", "expected 1 <= 101 <= 100")]
    [InlineData("target-utilization-percentage", "0", "expected 1 <= 0 <= 100")]
    [InlineData("window", "5s", "expected 6s <= 5s <= 1h0m0s")]
    [InlineData("window", "61m", "expected 6s <= 61m <= 1h0m0s")]
    [InlineData("window", "6500ms", "invalid value: 6500ms")]
    [InlineData("scale-down-delay", "2h", "expected 0s <= 2h <= 1h0m0s")]
    [InlineData("scaleToZeroPodRetentionPeriod", "-1s", "invalid value: -1s")]
    [InlineData("target-burst-capacity", "-2", "invalid value: -2")]
    [InlineData("panic-window-percentage", "0.5", "expected 1 <= 0.5 <= 100")]
    [InlineData("panicThresholdPercentage", "109", "expected 110 <= 109 <= 1000")]
    [InlineData("metric-aggregation-algorithm", "guess", "invalid value: guess")]
    public void An_autoscaling_annotation_out_of_bounds_is_refused_in_either_spelling(string name, string value, string finding)
    {
        var key = "autoscaling.knative.dev/" + name;
        var service = Manifests.Service(given => given["spec"]!["template"]!["metadata"]!["annotations"]![key] = value);

        Assert.StartsWith(
            $"{ServingMessages.Prefix}{finding}: spec.template.metadata.annotations[{key}]",
            Manifests.Message(Kinds.Service, service),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Scales_that_contradict_each_other_are_refused()
    {
        var service = Manifests.Service(given => given.Put(
            "spec/template/metadata/annotations",
            """{"autoscaling.knative.dev/minScale":"5","autoscaling.knative.dev/max-scale":"3","autoscaling.knative.dev/activation-scale":"4"}"""));

        var message = Manifests.Message(Kinds.Service, service);

        Assert.Contains("max-scale=3 is less than min-scale=5", message, StringComparison.Ordinal);
        Assert.Contains("max-scale=3 is less than activation-scale=4", message, StringComparison.Ordinal);
        Assert.Contains("activation-scale=4 is less than min-scale=5", message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_findings_come_at_once_merged_and_sorted()
    {
        var service = Manifests.Service(given =>
        {
            given.Put("spec/template/spec/nodeSelector", "{\"a\":\"b\"}");
            given.Put("spec/template/spec/affinity", "{\"a\":\"b\"}");
            given.Put("spec/template/spec/timeoutSeconds", "900");
            given.Put("spec/traffic", "[{\"percent\":100,\"configurationName\":\"x\"}]");
        });

        Assert.Equal(
            "validation failed: expected 0 <= 900 <= 600: spec.template.spec.timeoutSeconds\n"
            + "must not set the field(s): spec.template.spec.affinity, spec.template.spec.nodeSelector, spec.traffic[0].configurationName",
            Manifests.Message(Kinds.Service, service));
    }

    [Fact]
    public void Several_containers_need_exactly_one_port_and_only_that_container_is_probed()
    {
        var none = Manifests.Service(given => given.Put("spec/template/spec/containers", """[{"image":"a"},{"image":"b"}]"""));
        var two = Manifests.Service(given => given.Put(
            "spec/template/spec/containers",
            """[{"image":"a","ports":[{"containerPort":80}]},{"image":"b","ports":[{"containerPort":81}]}]"""));
        var probed = Manifests.Service(given => given.Put(
            "spec/template/spec/containers",
            """[{"image":"a","ports":[{"containerPort":80}]},{"image":"b","livenessProbe":{"tcpSocket":{"port":1}}}]"""));

        Assert.Equal("validation failed: missing field(s): spec.template.spec.containers.ports", Manifests.Message(Kinds.Service, none));
        Assert.Equal("validation failed: expected exactly one, got both: spec.template.spec.containers.ports", Manifests.Message(Kinds.Service, two));
        Assert.Contains("must not set the field(s): spec.template.spec.containers[1].livenessProbe", Manifests.Message(Kinds.Service, probed), StringComparison.Ordinal);
    }

    [Fact]
    public void A_side_car_may_use_the_name_PORT_but_not_the_names_of_the_contract()
    {
        var service = Manifests.Service(given => given.Put(
            "spec/template/spec/containers",
            """[{"image":"a","ports":[{"containerPort":80}]},{"image":"b","env":[{"name":"PORT","value":"9"},{"name":"K_SERVICE"}]}]"""));

        Assert.Equal(
            "validation failed: \"K_SERVICE\" is a reserved environment variable: spec.template.spec.containers[1].env[1].name",
            Manifests.Message(Kinds.Service, service));
    }

    [Fact]
    public void A_chosen_revision_name_must_change_with_the_template()
    {
        var stored = Manifests.Defaulted(Kinds.Service, Manifests.Service(given => given.Put("spec/template/metadata/name", "\"web-first\"")));
        var same = stored.DeepClone().AsObject();
        var changed = stored.DeepClone().AsObject();
        changed.FirstContainer()["image"] = "docker.io/library/web:2";

        Assert.Empty(Manifests.Check(Kinds.Service, same, stored));
        Assert.Contains("web-first: spec.template.metadata.name", Manifests.Message(Kinds.Service, changed, stored), StringComparison.Ordinal);
    }

    [Fact]
    public void A_revision_name_cannot_be_chosen_under_a_generated_parent()
    {
        var service = Manifests.Service(given =>
        {
            given.Put("metadata", """{"generateName":"web-","namespace":"demo"}""");
            given.Put("spec/template/metadata/name", "\"web-first\"");
        });

        Assert.Contains("must not set the field(s): spec.template.metadata.name", Manifests.Message(Kinds.Service, service), StringComparison.Ordinal);
    }

    [Fact]
    public void The_spec_of_a_revision_never_changes_but_its_labels_may()
    {
        var stored = Manifests.Defaulted(Kinds.Revision, Manifests.Revision());
        var labelled = stored.DeepClone().AsObject();
        labelled.Put("metadata/labels", """{"a":"b"}""");
        var changed = stored.DeepClone().AsObject();
        changed["spec"]!["timeoutSeconds"] = 20;

        Assert.Empty(Manifests.Check(Kinds.Revision, labelled, stored));
        Assert.StartsWith("validation failed: immutable field changed: spec\n", Manifests.Message(Kinds.Revision, changed, stored), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"percent":100}]""", "expected exactly one, got neither: spec.traffic[0].configurationName, spec.traffic[0].revisionName")]
    [InlineData("""[{"percent":100,"revisionName":"a","configurationName":"b"}]""", "expected exactly one, got both: spec.traffic[0].configurationName, spec.traffic[0].revisionName")]
    [InlineData("""[{"percent":100,"latestRevision":false,"configurationName":"b"}]""", "invalid value: false: spec.traffic[0].latestRevision")]
    [InlineData("""[]""", "missing field(s): spec.traffic")]
    public void A_route_names_a_revision_or_a_configuration(string traffic, string expected) => Assert.Contains(
        expected, Manifests.Message(Kinds.Route, Manifests.Route(route => route.Put("spec/traffic", traffic))), StringComparison.Ordinal);

    [Fact]
    public void The_service_label_of_a_configuration_needs_its_owner()
    {
        var orphan = Manifests.Configuration(given => given.Put("metadata/labels", """{"serving.knative.dev/service":"web"}"""));
        var owned = orphan.DeepClone().AsObject();
        owned.Put("metadata/ownerReferences", """[{"apiVersion":"serving.knative.dev/v1","kind":"Service","name":"web","uid":"1"}]""");

        Assert.Contains("invalid value: web: metadata.labels[serving.knative.dev/service]", Manifests.Message(Kinds.Configuration, orphan), StringComparison.Ordinal);
        Assert.Empty(Manifests.Check(Kinds.Configuration, owned));
    }

    [Fact]
    public void Unknown_labels_and_annotations_of_clients_are_accepted()
    {
        var service = Manifests.Service(given =>
        {
            given.Put("metadata/annotations", """{"run.googleapis.com/client-name":"gcloud","run.googleapis.com/whatever":"{}","client.knative.dev/user-image":"x"}""");
            given.Put("spec/template/metadata/labels", """{"client.knative.dev/nonce":"abc"}""");
            given.Put("spec/template/metadata/annotations", """{"autoscaling.knative.dev/maxScale":"100","run.googleapis.com/startup-cpu-boost":"true"}""");
        });

        Assert.Empty(Manifests.Check(Kinds.Service, service));
    }

    [Fact]
    public void Values_of_a_wrong_type_never_make_validation_fail_itself()
    {
        foreach (var (kind, sample) in Manifests.All())
        {
            foreach (var junk in new[] { "1", "\"x\"", "[]", "{}", "[1]", "[null]", "true" })
            {
                foreach (var path in Paths(sample, ""))
                {
                    var broken = sample.DeepClone().AsObject();
                    broken.Put(path, junk);
                    Manifests.Check(kind, broken, sample);
                }
            }
        }
    }

    internal static IEnumerable<string> Paths(JsonNode node, string prefix)
    {
        var children = node switch
        {
            JsonObject map => map.Select(entry => (entry.Key, entry.Value)),
            JsonArray list => list.Select((item, index) => ($"{index}", item)),
            _ => [],
        };
        foreach (var (step, child) in children.ToList())
        {
            var path = prefix.Length == 0 ? step : $"{prefix}/{step}";
            yield return path;
            foreach (var below in child is null ? [] : Paths(child, path))
            {
                yield return below;
            }
        }
    }
}
