using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Control.Instances;
using Slipway.Model;
using Slipway.Model.Resources;
using Slipway.Model.Eventing;
using Slipway.Model.Serving;
using Slipway.Runtime.Instances;
using Slipway.Store;

namespace Slipway.Control.Tests.Instances;

public sealed class InstanceTemplatesTests : IAsyncDisposable
{
    private readonly ResourceStore _store = ResourceStore.InMemory(TimeProvider.System);

    [Fact]
    public async Task Variables_come_from_whole_sources_then_single_ones_then_the_platform_and_later_ones_win()
    {
        await Secret("all", ("A", "secret-a"), ("B", "secret-b"));
        await ConfigMap("map", ("B", "map-b"), ("C", "map-c"));
        var spec = Build("""
            "envFrom":[{"secretRef":{"name":"all"}},{"prefix":"M_","configMapRef":{"name":"map"}}],
            "env":[{"name":"A","value":"own"},{"name":"D","valueFrom":{"configMapKeyRef":{"name":"map","key":"C"}}},{"name":"E","value":"$(D)/x"}]
            """);

        Assert.Equal(
            ["B=secret-b", "M_B=map-b", "M_C=map-c", "A=own", "D=map-c", "E=$(D)/x", "K_SERVICE=web"],
            spec.Environment.Select(pair => $"{pair.Key}={pair.Value}"));
    }

    [Fact]
    public async Task A_secret_that_looks_like_a_reference_stays_what_it_is()
    {
        await Secret("odd", ("A", "pa$(PORT)$$"), ("B", "a$b"));
        var spec = Build("""
            "env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"odd","key":"A"}}},{"name":"B","valueFrom":{"secretKeyRef":{"name":"odd","key":"B"}}}]
            """);

        // Drivers turn $$ into $, so this comes out as it was put in.
        Assert.Equal(["A=pa$$(PORT)$$$$", "B=a$b"], spec.Environment.Take(2).Select(pair => $"{pair.Key}={pair.Value}"));
    }

    [Fact]
    public async Task Optional_references_may_be_missing_and_required_ones_are_all_named()
    {
        Assert.Equal("K_SERVICE", Build("""
            "env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"no","key":"k","optional":true}}}],
            "envFrom":[{"configMapRef":{"name":"no","optional":true}}]
            """).Environment.Single().Key);

        await Secret("half", ("there", "1"), ("too", "2"));
        var failure = Try("""
            "env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"half","key":"gone"}}},{"name":"B","valueFrom":{"configMapKeyRef":{"name":"none","key":"k"}}}],
            "volumeMounts":[{"name":"v","mountPath":"/etc/v"}]
            """, "\"volumes\":[{\"name\":\"v\",\"secret\":{\"secretName\":\"lost\"}}]").Failure!;
        Assert.Equal("reference-missing", failure.Code);
        Assert.Equal("Missing in namespace \"demo\": ConfigMap \"none\"; Secret \"lost\"; key \"gone\" of Secret \"half\".", failure.Detail);
    }

    [Fact]
    public async Task A_version_as_key_means_the_only_value_of_a_secret()
    {
        await Secret("single", ("value", "42"));
        Assert.Equal("42", Build("\"env\":[{\"name\":\"A\",\"valueFrom\":{\"secretKeyRef\":{\"name\":\"single\",\"key\":\"latest\"}}}]").Environment[0].Value);
    }

    [Fact]
    public async Task Volumes_become_files_with_their_modes_items_and_sub_paths()
    {
        await Secret("keys", ("tls.crt", "cert"), ("tls.key", "key"));
        await ConfigMap("conf", ("app.json", "{}"));
        var spec = Build(
            """
            "volumeMounts":[{"name":"tls","mountPath":"/etc/tls/"},{"name":"one","mountPath":"/app/settings.json","subPath":"deep/app.json"},{"name":"mix","mountPath":"/mix"}]
            """,
            """
            "volumes":[
              {"name":"tls","secret":{"secretName":"keys","defaultMode":256}},
              {"name":"one","configMap":{"name":"conf","items":[{"key":"app.json","path":"deep/app.json","mode":416}]}},
              {"name":"mix","projected":{"sources":[{"secret":{"name":"keys","items":[{"key":"tls.key","path":"x"}]}},{"configMap":{"name":"conf","items":[{"key":"app.json","path":"x"}]}}]}}]
            """);

        Assert.Equal(
            ["/app/settings.json={}:416", "/etc/tls/tls.crt=cert:256", "/etc/tls/tls.key=key:256", "/mix/x={}:420"],
            spec.Files.Select(file => $"{file.Path}={Encoding.UTF8.GetString(file.Content.Span)}:{file.Mode}"));
    }

    [Fact]
    public async Task Tokens_are_issued_for_each_instance_at_its_start()
    {
        await Secret("keys", ("ca", "cert"));
        const string container = "\"volumeMounts\":[{\"name\":\"id\",\"mountPath\":\"/var/run/id\"}]";
        const string spec = """
            "serviceAccountName":"shop","volumes":[{"name":"id","projected":{"defaultMode":256,"sources":[
              {"serviceAccountToken":{"path":"api"}},
              {"serviceAccountToken":{"path":"bank","audience":"https://bank.test","expirationSeconds":900}},
              {"serviceAccountToken":{"path":"ca"}},
              {"secret":{"name":"keys"}}]}}]
            """;

        var refused = Try(container, spec).Failure!;
        Assert.Equal("reference-missing", refused.Code);
        Assert.Contains("a token for \"api\" (serviceAccountToken volumes are not served", refused.Detail, StringComparison.Ordinal);

        var issuer = new CountingTokens();
        var template = Try(container, spec, issuer).Value;
        Assert.Equal(0, issuer.Issued);
        Assert.Equal(["/var/run/id/ca"], template.Shared.Files.Select(file => file.Path));
        Assert.Equal(
            [new("/var/run/id/api", "shop", null, TimeSpan.FromHours(1), 256), new TokenFile("/var/run/id/bank", "shop", "https://bank.test", TimeSpan.FromMinutes(15), 256)],
            template.Shared.Tokens);

        string[] Files(string id) => [.. template.For(id).Files.Select(file => $"{file.Path}={Encoding.UTF8.GetString(file.Content.Span)}:{file.Mode}")];
        Assert.Equal(
            ["/var/run/id/ca=cert:256", "/var/run/id/api=demo/shop/-/3600/1:256", "/var/run/id/bank=demo/shop/https://bank.test/900/2:256"],
            Files("a"));
        Assert.Contains("/var/run/id/api=demo/shop/-/3600/3:256", Files("b"));
        Assert.Equal(template.Fingerprint, Try(container, spec, issuer).Value.Fingerprint);
    }

    [Theory]
    [InlineData("500m", 2.0)]
    [InlineData("1", 2.0)]
    [InlineData("2", 4.0)]
    [InlineData("3", 8.0)]
    [InlineData("4", 8.0)]
    [InlineData("6", 8.0)]
    [InlineData("8", null)]
    [InlineData("16", null)]
    public void The_start_up_boost_follows_the_limit(string limit, double? boosted)
    {
        var template = Template($"\"resources\":{{\"limits\":{{\"cpu\":\"{limit}\"}}}}", "");
        var build = new InstanceTemplates(_store);

        Assert.Equal(boosted, build.Build(Workload(template) with { CpuBoost = true }).Value.Shared.CpuBoostLimit);
        Assert.Null(build.Build(Workload(template)).Value.Shared.CpuBoostLimit);
        Assert.Null(build.Build(Workload(Template("", "")) with { CpuBoost = true }).Value.Shared.CpuBoostLimit);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData(null, false)]
    public void The_annotation_of_the_revision_asks_for_the_boost(string? value, bool asked)
    {
        var annotations = value is null ? "{}" : $"{{\"run.googleapis.com/startup-cpu-boost\":\"{value}\"}}";
        var revision = Resource.FromJson(Kinds.Revision, JsonNode.Parse($"{{\"metadata\":{{\"name\":\"web-00001\",\"namespace\":\"demo\",\"uid\":\"u\",\"annotations\":{annotations}}}}}")!.AsObject());

        Assert.Equal(asked, Revisions.RevisionPlanner.Workload(revision, Template("", ""), "d", Workload(Template("", "")).Runnable).CpuBoost);
    }

    [Fact]
    public void The_user_of_the_security_context_is_handed_on_and_a_contradiction_refused()
    {
        var spec = Build("\"securityContext\":{\"runAsUser\":4000,\"runAsGroup\":5000,\"runAsNonRoot\":true}");
        Assert.Equal((4000, 5000, true), (spec.RunAsUser, spec.RunAsGroup, spec.RunAsNonRoot));

        var plain = Build("");
        Assert.Equal((null, null, false), (plain.RunAsUser, plain.RunAsGroup, plain.RunAsNonRoot));

        var failure = Try("\"securityContext\":{\"runAsUser\":0,\"runAsNonRoot\":true}").Failure!;
        Assert.Equal(("template-invalid", "securityContext.runAsNonRoot is true, but runAsUser is 0. Name another user or leave it out."), (failure.Code, failure.Detail));
    }

    [Fact]
    public void Scratch_volumes_become_writable_folders_with_their_medium_and_limit()
    {
        var spec = Build(
            """
            "volumeMounts":[{"name":"cache","mountPath":"/var/cache/"},{"name":"fast","mountPath":"/a","subPath":"x"},{"name":"fast","mountPath":"/b"}]
            """,
            """
            "volumes":[{"name":"cache","emptyDir":{"sizeLimit":"0"}},{"name":"fast","emptyDir":{"medium":"Memory","sizeLimit":"64Mi"}}]
            """);

        Assert.Empty(spec.Files);
        Assert.Equal(
            [new("/a", "fast", "x", true, 64L << 20), new("/b", "fast", "", true, 64L << 20), new MountedFolder("/var/cache", "cache", "", false, null)],
            spec.Folders);
    }

    [Fact]
    public void Quantities_commands_and_the_protocol_are_read()
    {
        var spec = Build("""
            "command":["/app","$(PORT)"],"args":["--x"],"workingDir":"/srv","ports":[{"name":"h2c","containerPort":9000}],
            "resources":{"limits":{"cpu":"500m","memory":"256Mi"},"requests":{"cpu":"0.25"}}
            """);

        Assert.Equal((0.5, 0.25, 256L << 20), (spec.CpuLimit!.Value, spec.CpuRequest!.Value, spec.MemoryLimitBytes!.Value));
        Assert.Equal(["/app", "$(PORT)"], spec.Command);
        Assert.Equal(("/srv", true), (spec.WorkingDirectory, spec.Http2));
        Assert.Equal("resources.limits.cpu is \"lots\"; write a quantity such as 500m or 256Mi.", Try("\"resources\":{\"limits\":{\"cpu\":\"lots\"}}").Failure!.Detail);
    }

    [Theory]
    [InlineData("", ProbeHandler.Tcp, 0, 0)]
    [InlineData("\"ports\":[{\"containerPort\":9000}],\"readinessProbe\":{\"httpGet\":{\"path\":\"/up\",\"port\":9000}}", ProbeHandler.Http, 0, 0)]
    [InlineData("\"readinessProbe\":{\"httpGet\":{\"path\":\"/up\",\"port\":8080},\"periodSeconds\":5}", ProbeHandler.Http, 0, 5)]
    [InlineData("\"readinessProbe\":{\"tcpSocket\":{\"port\":9999}}", ProbeHandler.Tcp, 9999, 0)]
    [InlineData("\"ports\":[{\"name\":\"http1\",\"containerPort\":9000}],\"readinessProbe\":{\"grpc\":{\"port\":\"http1\"}}", ProbeHandler.Grpc, 0, 0)]
    public void The_readiness_probe_finds_the_serving_port_by_number_name_and_zero(string container, ProbeHandler handler, int port, int periodSeconds)
    {
        var probe = Build(container).ReadinessProbe!;
        Assert.Equal((handler, port, TimeSpan.FromSeconds(periodSeconds)), (probe.Handler, probe.Port, probe.Period));
    }

    [Fact]
    public async Task A_database_that_names_the_workload_gives_it_its_url_once_it_is_ready()
    {
        await Create(Kinds.Database, """{"metadata":{"name":"db","namespace":"demo"},"spec":{"services":["web"]}}""");
        Assert.Contains("Database \"db\", which is not ready yet", Try("").Failure!.Detail, StringComparison.Ordinal);

        await _store.ReplaceAsync(
            _store.Get(new ResourceKey(Kinds.Database, "demo", "db"))!.WithRaw("status", "{\"secretName\":\"db-database\"}"u8.ToArray()), WriteOptions.Default, default);
        await Secret("db-database", ("DATABASE_URL", "postgresql://x"));
        Assert.Contains(KeyValuePair.Create("DATABASE_URL", "postgresql://x"), Build("").Environment);
        Assert.Contains(KeyValuePair.Create("DATABASE_URL", "own"), Build("\"env\":[{\"name\":\"DATABASE_URL\",\"value\":\"own\"}]").Environment);
    }

    [Fact]
    public async Task The_fingerprint_changes_with_what_references_give_and_not_otherwise()
    {
        await Secret("s", ("k", "1"));
        const string container = "\"env\":[{\"name\":\"A\",\"valueFrom\":{\"secretKeyRef\":{\"name\":\"s\",\"key\":\"k\"}}}]";
        var first = Try(container).Value.Fingerprint;
        Assert.Equal(first, Try(container).Value.Fingerprint);
        await _store.ReplaceAsync(
            _store.Get(new ResourceKey(Kinds.Secret, "demo", "s"))!.WithRaw("data", "{\"k\":\"Mg==\"}"u8.ToArray()), WriteOptions.Default, default);
        Assert.NotEqual(first, Try(container).Value.Fingerprint);
    }

    [Fact]
    public void Several_containers_are_refused_with_the_way_out()
    {
        var spec = JsonSerializer.Deserialize("""{"containers":[{"name":"a","image":"x"},{"name":"b","image":"y"}]}""", KindsJson.Default.TemplateSpec)!;
        Assert.Equal("several-containers", new InstanceTemplates(_store).Build(Workload(spec)).Failure!.Code);
    }

    [Theory]
    [InlineData("default", "http://{service}.localhost:8080")]
    [InlineData("demo", "http://{service}.demo.localhost:8080")]
    public void An_instance_is_told_how_to_reach_its_neighbours(string @namespace, string url)
    {
        var templates = new InstanceTemplates(_store, surroundings: new Surroundings(new IngressSettings(), "http://127.0.0.1:8080"));
        var environment = templates.Build(Workload(Template("", "")) with { Namespace = @namespace }).Value.Shared.Environment;

        Assert.Contains(new("SLIPWAY_GATEWAY", "http://127.0.0.1:8080"), environment);
        Assert.Contains(new("SLIPWAY_PUBLIC_URL", url), environment);
    }

    [Fact]
    public void A_Service_is_told_where_events_go_and_gets_a_key_of_its_own()
    {
        var platformKey = new byte[32];
        var surroundings = new Surroundings(new IngressSettings(), "http://127.0.0.1:8080", new EventSurroundings("http://127.0.0.1:4000", platformKey));
        var templates = new InstanceTemplates(_store, surroundings: surroundings);
        var workload = Workload(Template("", "")) with { Namespace = "demo", DatabaseUser = "shop", Serves = true };
        var service = templates.Build(workload).Value.Shared.Environment;
        var job = templates.Build(workload with { Serves = false }).Value.Shared.Environment;

        Assert.Contains(new("SLIPWAY_EVENTS", "http://127.0.0.1:4000/demo"), service);
        Assert.Contains(new("SLIPWAY_EVENTS_KEY", Convert.ToBase64String(EventKeys.Of(platformKey, "demo", "shop"))), service);
        Assert.Contains(new("SLIPWAY_EVENTS", "http://127.0.0.1:4000/demo"), job);
        Assert.DoesNotContain(job, variable => variable.Key == "SLIPWAY_EVENTS_KEY");
    }

    [Fact]
    public void An_instance_is_told_where_spans_go_and_who_it_is_there()
    {
        var templates = new InstanceTemplates(_store, surroundings: Watched);
        var workload = Workload(Template("", ""));
        var service = Telemetry(templates.Build(workload).Value.For("web-00001-abc"));
        var job = Telemetry(templates.Build(workload with { Serves = false, Owner = "web-migrate", DatabaseUser = "web-migrate" }).Value.For("web-00001-abc"));

        Assert.Equal(
            [
                "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318", "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "OTEL_SERVICE_NAME=web",
                "OTEL_RESOURCE_ATTRIBUTES=service.namespace=demo,service.instance.id=web-00001-abc,slipway.revision=web-00001",
            ],
            service);
        Assert.Contains("OTEL_SERVICE_NAME=web-migrate", job);
        Assert.Contains("OTEL_RESOURCE_ATTRIBUTES=service.namespace=demo,service.instance.id=web-00001-abc,slipway.job=web-migrate", job);
        Assert.Empty(Telemetry(Build("")));
    }

    [Fact]
    public async Task A_manifest_may_send_its_spans_elsewhere()
    {
        await ConfigMap("otel", ("OTEL_SERVICE_NAME", "mine"));
        var templates = new InstanceTemplates(_store, surroundings: Watched);
        var container = "\"envFrom\":[{\"configMapRef\":{\"name\":\"otel\"}}],\"env\":[{\"name\":\"OTEL_EXPORTER_OTLP_ENDPOINT\",\"value\":\"http://10.0.0.1:4317\"}]";

        var environment = Telemetry(templates.Build(Workload(Template(container, ""))).Value.Shared);

        Assert.Contains("OTEL_EXPORTER_OTLP_ENDPOINT=http://10.0.0.1:4317", environment);
        Assert.Contains("OTEL_SERVICE_NAME=mine", environment);
        Assert.DoesNotContain(environment, variable => variable.StartsWith("OTEL_EXPORTER_OTLP_PROTOCOL", StringComparison.Ordinal));
        Assert.Equal(3, environment.Count);
    }

    [Fact]
    public void A_manifest_may_say_otherwise_about_its_neighbours()
    {
        var templates = new InstanceTemplates(_store, surroundings: new Surroundings(new IngressSettings(), "http://127.0.0.1:8080"));
        var environment = templates.Build(Workload(Template("\"env\":[{\"name\":\"SLIPWAY_GATEWAY\",\"value\":\"http://10.0.0.1\"}]", ""))).Value.Shared.Environment;

        Assert.Equal("http://10.0.0.1", environment.Single(variable => variable.Key == "SLIPWAY_GATEWAY").Value);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static Surroundings Watched { get; } = new(new IngressSettings(), "http://127.0.0.1:8080", Telemetry: new TelemetrySurroundings("http://127.0.0.1:4318"));

    private static List<string> Telemetry(InstanceSpec spec) =>
        [.. spec.Environment.Where(variable => variable.Key.StartsWith("OTEL_", StringComparison.Ordinal)).Select(variable => $"{variable.Key}={variable.Value}")];

    private static Workload Workload(TemplateSpec spec) => new()
    {
        Namespace = "demo",
        Owner = "web-00001",
        OwnerUid = "u",
        OwnerKind = "Revision",
        DatabaseUser = "web",
        Spec = spec,
        Image = "registry.test/web@sha256:1",
        Runnable = new RunnableImage("/images/x", true, ["/app"], [], [], null, null),
        Serves = true,
        Variables = [new("K_SERVICE", "web")],
        StopGrace = TimeSpan.FromSeconds(10),
    };

    private InstanceSpec Build(string container, string spec = "") => Try(container, spec).Value.Shared;

    private Model.Failures.Outcome<InstanceTemplate> Try(string container, string spec = "", IServiceAccountTokens? tokens = null)
    {
        return new InstanceTemplates(_store, tokens).Build(Workload(Template(container, spec)));
    }

    private static TemplateSpec Template(string container, string spec)
    {
        var json = $"{{\"containers\":[{{\"name\":\"user-container\",\"image\":\"x\"{(container.Length > 0 ? "," : "")}{container}}}]{(spec.Length > 0 ? "," : "")}{spec}}}";
        return JsonSerializer.Deserialize(json, KindsJson.Default.TemplateSpec)!;
    }

    private Task Secret(string name, params (string Key, string Value)[] values) => Data(Kinds.Secret, name, values.Select(pair => (pair.Key, Convert.ToBase64String(Encoding.UTF8.GetBytes(pair.Value)))));

    private Task ConfigMap(string name, params (string Key, string Value)[] values) => Data(Kinds.ConfigMap, name, values);

    private async Task Data(ResourceKind kind, string name, IEnumerable<(string Key, string Value)> values)
    {
        var data = new JsonObject();
        foreach (var (key, value) in values)
        {
            data[key] = value;
        }

        await Create(kind, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "demo" }, ["data"] = data }.ToJsonString());
    }

    private async Task Create(ResourceKind kind, string json) => Assert.True(
        (await _store.CreateAsync(Resource.FromJson(kind, JsonNode.Parse(json)!.AsObject()), WriteOptions.Default, default)).Succeeded);
}
