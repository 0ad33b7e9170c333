using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Slipway.Model.Defaulting;
using Slipway.Model.Resources;
using Slipway.Model.Validation;

namespace Slipway.Model.Tests.Defaulting;

public sealed class DefaultsTests
{
    [Fact]
    public void A_minimal_service_is_completed()
    {
        var service = Manifests.Defaulted(Kinds.Service, Manifests.Service());

        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse(
                """
                {"template":{"metadata":{"annotations":{}},"spec":{
                   "containers":[{"image":"docker.io/library/web:1","name":"user-container","resources":{},
                     "readinessProbe":{"tcpSocket":{"port":0},"successThreshold":1}}],
                   "timeoutSeconds":300,"containerConcurrency":0,"enableServiceLinks":false}},
                 "traffic":[{"latestRevision":true,"percent":100}]}
                """),
            service["spec"]), service["spec"]!.ToJsonString());
    }

    [Fact]
    public void Several_containers_get_numbered_names_that_are_free()
    {
        var service = Manifests.Service(given => given.Put(
            "spec/template/spec/containers",
            """[{"image":"a","ports":[{"containerPort":80}]},{"image":"b","name":"user-container-1"},{"image":"c","name":""}]"""));

        Manifests.Defaulted(Kinds.Service, service);

        Assert.Equal(
            ["user-container-0", "user-container-1", "user-container-2"],
            service.TemplateSpec()["containers"]!.AsArray().Select(container => (string)container!["name"]!));
        Assert.NotNull(service.TemplateSpec()["containers"]![0]!["readinessProbe"]);
        Assert.Null(service.TemplateSpec()["containers"]![1]!["readinessProbe"]);
    }

    [Fact]
    public void A_probe_with_a_period_gets_counts_and_ports_show_as_zero()
    {
        var service = Manifests.Service(given =>
        {
            given.Put("spec/template/spec/containers/0/readinessProbe", """{"periodSeconds":5,"httpGet":{"path":"/ready"}}""");
            given.Put("spec/template/spec/containers/0/livenessProbe", """{"tcpSocket":{}}""");
        });

        Manifests.Defaulted(Kinds.Service, service);

        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"periodSeconds":5,"httpGet":{"path":"/ready","port":0},"successThreshold":1,"failureThreshold":3,"timeoutSeconds":1}"""),
            service.FirstContainer()["readinessProbe"]));
        Assert.Equal("""{"tcpSocket":{"port":0}}""", service.FirstContainer()["livenessProbe"]!.ToJsonString());
    }

    [Fact]
    public void Mounts_of_foreign_content_are_read_only_and_scratch_space_is_not()
    {
        var service = Manifests.Service(given =>
        {
            given.Put("spec/template/spec/volumes", """[{"name":"s","secret":{"secretName":"x"}},{"name":"e","emptyDir":{}}]""");
            given.Put("spec/template/spec/containers/0/volumeMounts", """[{"name":"s","mountPath":"/s"},{"name":"e","mountPath":"/e"}]""");
        });

        Manifests.Defaulted(Kinds.Service, service);

        var mounts = service.FirstContainer()["volumeMounts"]!;
        Assert.True((bool)mounts[0]!["readOnly"]!);
        Assert.Null(mounts[1]!["readOnly"]);
        Assert.Empty(Manifests.Check(Kinds.Service, service));
    }

    [Fact]
    public void Service_links_keep_their_stored_value_when_a_manifest_omits_them()
    {
        var stored = Manifests.Defaulted(Kinds.Service, Manifests.Service(given => given.Put("spec/template/spec/enableServiceLinks", "true")));

        var next = Manifests.Defaulted(Kinds.Service, Manifests.Service(), stored);

        Assert.True(JsonNode.DeepEquals(stored["spec"], next["spec"]));
    }

    [Fact]
    public void Zero_seconds_mean_the_default_timeout_and_configured_resources_fill_gaps()
    {
        var settings = new DefaultSettings { TimeoutSeconds = 60, ResourceLimits = new Dictionary<string, string> { ["cpu"] = "1", ["memory"] = "512Mi" } };
        var service = Manifests.Service(given =>
        {
            given.Put("spec/template/spec/timeoutSeconds", "0");
            given.Put("spec/template/spec/containers/0/resources", """{"limits":{"cpu":"2"}}""");
        });

        Defaults.Apply(Kinds.Service, service, null, settings);

        Assert.Equal(60, (int)service.TemplateSpec()["timeoutSeconds"]!);
        Assert.Equal("""{"limits":{"cpu":"2","memory":"512Mi"}}""", service.FirstContainer()["resources"]!.ToJsonString());
    }

    [Fact]
    public void Clear_text_of_a_secret_moves_into_its_data()
    {
        var secret = Manifests.Defaulted(Kinds.Secret, Manifests.Secret(given => given.Put("stringData", """{"a":"new","b":"ü"}""")));

        Assert.Null(secret["stringData"]);
        Assert.Equal("Opaque", (string)secret["type"]!);
        Assert.Equal("""{"a":"bmV3","b":"w7w="}""", secret["data"]!.ToJsonString());
    }

    [Fact]
    public void A_namespace_carries_its_name_as_a_label() => Assert.Equal(
        "demo",
        (string)Manifests.Defaulted(Kinds.Namespace, Manifests.Namespace())["metadata"]!["labels"]!["kubernetes.io/metadata.name"]!);

    [Fact]
    public void A_job_gets_counts_a_selector_and_the_labels_of_its_pods()
    {
        var job = Manifests.Defaulted(Kinds.Job, Manifests.Job());

        Assert.Equal(1, (int)job["spec"]!["completions"]!);
        Assert.Equal(1, (int)job["spec"]!["parallelism"]!);
        Assert.Equal(6, (int)job["spec"]!["backoffLimit"]!);
        Assert.Equal("u-1", (string)job["spec"]!["selector"]!["matchLabels"]!["batch.kubernetes.io/controller-uid"]!);
        Assert.Equal("migrate", (string)job["spec"]!["template"]!["metadata"]!["labels"]!["job-name"]!);
    }

    [Fact]
    public void A_job_applied_again_without_what_the_server_added_is_not_a_change()
    {
        var stored = Manifests.Defaulted(Kinds.Job, Manifests.Job());
        var again = Manifests.Job(given => given["metadata"]!.AsObject().Remove("uid"));

        Assert.Empty(Manifests.Check(Kinds.Job, again, stored));
        Assert.True(JsonNode.DeepEquals(stored["spec"], again["spec"]));
    }

    [Fact]
    public void A_database_keeps_the_name_it_was_created_with()
    {
        var stored = Manifests.Defaulted(Kinds.Database, Manifests.Database());
        Assert.Equal("demo_orders_db", (string)stored["spec"]!["databaseName"]!);
        stored["spec"]!["databaseName"] = "chosen";

        Assert.Equal("chosen", (string)Manifests.Defaulted(Kinds.Database, Manifests.Database(), stored)["spec"]!["databaseName"]!);
    }

    [Fact]
    public void Defaulting_twice_is_defaulting_once_for_any_manifest()
    {
        var values = Gen.Elements(
            "0", "1", "null", "[]", "{}", "\"\"", "\"x\"", "[{}]", "[{},{}]", "true", "{\"periodSeconds\":3}", "[{\"name\":\"a\",\"image\":\"b\"}]",
            "{\"httpGet\":{}}", "[{\"revisionName\":\"a\"}]", "{\"k\":\"v\"}");
        var samples = Manifests.All().ToArray();
        var extra = new[]
        {
            "spec/template/spec/timeoutSeconds", "spec/template/spec/containers/0/readinessProbe", "spec/template/spec/volumes",
            "spec/traffic", "stringData", "spec/template/metadata", "spec/rules/0/filters", "spec/rateLimits",
        };
        var inputs =
            from sample in Gen.Elements(samples)
            from path in Gen.Elements(Validation.ServingValidationTests.Paths(sample.Manifest, "").ToArray())
            from first in values
            from more in Gen.Elements(extra)
            from second in values
            select (sample.Kind, sample.Manifest, path, first, more, second);

        Properties.Hold(
            inputs,
            input =>
            {
                var once = input.Manifest.DeepClone().AsObject();
                once.Put(input.path, input.first);
                try
                {
                    once.Put(input.more, input.second);
                }
                catch (Exception absent) when (absent is InvalidOperationException or ArgumentOutOfRangeException or NullReferenceException)
                {
                    // The first change took the place away that the second one is for; one change is enough then.
                }

                Defaults.Apply(input.Kind, once, null);
                foreach (var current in new[] { null, once })
                {
                    var twice = once.DeepClone().AsObject();
                    Defaults.Apply(input.Kind, twice, current);
                    Assert.Equal(once.ToJsonString(), twice.ToJsonString());
                }
            },
            count: 2000);
    }

    [Fact]
    public void The_creator_is_kept_and_the_modifier_follows_the_spec()
    {
        var stored = Manifests.Defaulted(Kinds.Service, Manifests.Service());
        Authorship.Apply(Kinds.Service, stored, null, "ann");

        var same = Manifests.Defaulted(Kinds.Service, Manifests.Service(), stored);
        Authorship.Apply(Kinds.Service, same, stored, "bob");
        var changed = Manifests.Defaulted(Kinds.Service, Manifests.Service(given => given.Put("spec/template/spec/timeoutSeconds", "9")), stored);
        Authorship.Apply(Kinds.Service, changed, stored, "bob");

        Assert.Equal("""{"serving.knative.dev/creator":"ann","serving.knative.dev/lastModifier":"ann"}""", same["metadata"]!["annotations"]!.ToJsonString());
        Assert.Equal("""{"serving.knative.dev/creator":"ann","serving.knative.dev/lastModifier":"bob"}""", changed["metadata"]!["annotations"]!.ToJsonString());
        Assert.Empty(Validator.Check(Kinds.Service, changed, stored));

        changed["metadata"]!["annotations"]!["serving.knative.dev/creator"] = "eve";
        Assert.Equal("metadata.annotations[serving.knative.dev/creator]", Assert.Single(Validator.Check(Kinds.Service, changed, stored)).Field);

        same["metadata"]!["annotations"]!["serving.knative.dev/lastModifier"] = "eve";
        Assert.Equal("metadata.annotations[serving.knative.dev/lastModifier]", Assert.Single(Validator.Check(Kinds.Service, same, stored)).Field);
    }
}
