using System.ComponentModel;
using System.Diagnostics;
using Slipway.Sdk.Hosting;
using YamlDotNet.RepresentationModel;

namespace Slipway.TitanicApi.Tests.Deployment;

/// <summary>What carries Titanic to a cluster refers only to what is there and confines what it runs.</summary>
public sealed class KubernetesTests
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "deploy", "titanic", "kubernetes");

    private static readonly List<YamlNode> s_base = [.. Directory.GetFiles(Path.Combine(s_folder, "base"), "*.yaml").Where(file => !file.EndsWith("kustomization.yaml", StringComparison.Ordinal)).SelectMany(Documents)];

    [Fact]
    public void Everything_that_was_asked_for_is_there_and_listed()
    {
        var kinds = s_base.Select(document => Text(document, "kind")).ToHashSet(StringComparer.Ordinal);
        foreach (var kind in new[]
        {
            "Namespace", "Deployment", "Service", "Ingress", "HorizontalPodAutoscaler", "PodDisruptionBudget", "NetworkPolicy", "ServiceMonitor", "PrometheusRule", "StatefulSet", "CronJob", "ServiceAccount",
        })
        {
            Assert.Contains(kind, kinds);
        }

        var kustomization = Documents(Path.Combine(s_folder, "base", "kustomization.yaml")).Single();
        var listed = List(kustomization, "resources").Select(node => node.ToString()).Order(StringComparer.Ordinal);
        Assert.Equal(Directory.GetFiles(Path.Combine(s_folder, "base"), "*.yaml").Select(Path.GetFileName).Where(name => name != "kustomization.yaml").Order(StringComparer.Ordinal), listed);
        Assert.Equal("titanic-api", Text(kustomization, "namespace"));
    }

    [Fact]
    public void Services_scalers_budgets_ingresses_and_monitors_refer_to_what_is_there()
    {
        var workloads = s_base.Where(document => Text(document, "kind") is "Deployment" or "StatefulSet").ToList();
        foreach (var selected in s_base.Where(document => Text(document, "kind") is "Service").Select(document => Text(document, "spec", "selector", "app")))
        {
            Assert.Contains(selected, workloads.Select(workload => Text(workload, "spec", "template", "metadata", "labels", "app")));
        }

        var service = One("Service", "titanic-api");
        var ports = List(service, "spec", "ports").ToDictionary(port => Text(port, "name"), port => (Text(port, "port"), Text(port, "targetPort")));
        Assert.Equal(("5000", "http"), ports["http"]);
        Assert.Equal(("8888", "metrics"), ports["metrics"]);
        var container = List(One("Deployment", "titanic-api"), "spec", "template", "spec", "containers").Single();
        Assert.Equal([("http", "5000"), ("metrics", "8888")], List(container, "ports").Select(port => (Text(port, "name"), Text(port, "containerPort"))));
        var scaler = One("HorizontalPodAutoscaler", "titanic-api");
        Assert.Equal(("titanic-api", "2", "5"), (Text(scaler, "spec", "scaleTargetRef", "name"), Text(scaler, "spec", "minReplicas"), Text(scaler, "spec", "maxReplicas")));
        Assert.Equal("titanic-api", Text(One("PodDisruptionBudget", "titanic-api"), "spec", "selector", "matchLabels", "app"));
        var backend = At(List(List(One("Ingress", "titanic-api"), "spec", "rules").Single(), "http", "paths").Single(), "backend", "service")!;
        Assert.Equal(("titanic-api", "http"), (Text(backend, "name"), Text(backend, "port", "name")));
        var endpoint = List(One("ServiceMonitor", "titanic-api"), "spec", "endpoints").Single();
        Assert.Equal(("metrics", "/metrics"), (Text(endpoint, "port"), Text(endpoint, "path")));
        Assert.Equal(("/ready", "/live"), (Text(container, "readinessProbe", "httpGet", "path"), Text(container, "livenessProbe", "httpGet", "path")));
    }

    [Fact]
    public void Nothing_is_let_through_but_what_is_named()
    {
        var policies = s_base.Where(document => Text(document, "kind") == "NetworkPolicy").ToDictionary(policy => Text(policy, "metadata", "name"));
        var closed = policies["deny-all"];
        Assert.Empty(((YamlMappingNode)At(closed, "spec", "podSelector")!).Children);
        Assert.Equal(["Ingress", "Egress"], List(closed, "spec", "policyTypes").Select(node => node.ToString()));
        Assert.Null(At(closed, "spec", "ingress"));
        Assert.Null(At(closed, "spec", "egress"));

        var letIn = policies.Values.SelectMany(policy => List(policy, "spec", "ingress").Select(rule => (Policy: policy, Rule: rule))).ToList();
        Assert.All(letIn, pair => Assert.NotEmpty(List(pair.Rule, "from")));
        Assert.All(letIn, pair => Assert.NotEmpty(List(pair.Rule, "ports")));
        var scraper = List(Assert.Single(letIn, pair => List(pair.Rule, "ports").Any(port => Text(port, "port") == "8888")).Rule, "from").Single();
        Assert.Equal(("monitoring", "prometheus"), (Text(scraper, "namespaceSelector", "matchLabels", "kubernetes.io/metadata.name"), Text(scraper, "podSelector", "matchLabels", "app.kubernetes.io/name")));
        var database = Assert.Single(letIn, pair => Text(pair.Policy, "spec", "podSelector", "matchLabels", "app") == "titanic-postgres").Rule;
        Assert.Null(At(List(database, "from").Single(), "namespaceSelector"));
        Assert.Equal(["53", "53"], List(List(policies["allow-dns"], "spec", "egress").Single(), "ports").Select(port => Text(port, "port")));
    }

    [Fact]
    public void Every_pod_runs_confined_with_limits_and_without_a_token()
    {
        var pods = s_base.Select(PodOf).OfType<YamlNode>().ToList();
        Assert.Equal(3, pods.Count);
        foreach (var pod in pods)
        {
            Assert.Equal(("true", "RuntimeDefault", "false"), (Text(pod, "securityContext", "runAsNonRoot"), Text(pod, "securityContext", "seccompProfile", "type"), Text(pod, "automountServiceAccountToken")));
            foreach (var container in List(pod, "containers").Concat(List(pod, "initContainers")))
            {
                var context = At(container, "securityContext")!;
                Assert.Equal(("false", "true", "ALL"), (Text(context, "allowPrivilegeEscalation"), Text(context, "readOnlyRootFilesystem"), List(context, "capabilities", "drop").Single().ToString()));
                Assert.All(new[] { "requests", "limits" }, amount => Assert.True(At(container, "resources", amount, "memory") is not null && At(container, "resources", amount, "cpu") is not null));
            }
        }
    }

    [Fact]
    public void Secrets_are_no_configuration_and_every_key_that_is_taken_is_given_in_both_overlays()
    {
        Assert.DoesNotMatch("(?i)password|secret|_KEY|DATABASE_URL", File.ReadAllText(Path.Combine(s_folder, "base", "settings.env")));
        var taken = s_base.Select(PodOf).OfType<YamlNode>().SelectMany(pod => List(pod, "containers").Concat(List(pod, "initContainers"))).SelectMany(container => List(container, "env"))
            .Select(variable => At(variable, "valueFrom", "secretKeyRef")).OfType<YamlNode>().ToList();
        Assert.All(taken, reference => Assert.Equal("titanic-api-secrets", Text(reference, "name")));
        var keys = taken.Select(reference => Text(reference, "key")).ToHashSet(StringComparer.Ordinal);
        var example = File.ReadAllLines(Path.Combine(s_folder, "development", "secrets.env.example")).Select(line => line.Split('=')[0]).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(keys.Order(StringComparer.Ordinal), example.Order(StringComparer.Ordinal));
        var vault = Documents(Path.Combine(s_folder, "production", "external-secret.yaml")).Single();
        Assert.Equal("titanic-api-secrets", Text(vault, "spec", "target", "name"));
        Assert.Equal(keys.Except(["POSTGRES_PASSWORD"]).Order(StringComparer.Ordinal), List(vault, "spec", "data").Select(entry => Text(entry, "secretKey")).Order(StringComparer.Ordinal));
        Assert.Contains("secrets.env", File.ReadAllText(Path.Combine(s_folder, "development", ".gitignore")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("base", 1)]
    [InlineData("development", 1)]
    [InlineData("production", 0)]
    public async Task Kustomize_renders_it(string overlay, int databases)
    {
        var copy = Directory.CreateTempSubdirectory("titanic-kubernetes-").FullName;
        try
        {
            foreach (var file in Directory.GetFiles(s_folder, "*", SearchOption.AllDirectories))
            {
                var target = Path.Combine(copy, Path.GetRelativePath(s_folder, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }

            File.Copy(Path.Combine(copy, "development", "secrets.env.example"), Path.Combine(copy, "development", "secrets.env"), overwrite: true);
            if (await RenderAsync(Path.Combine(copy, overlay)) is not { } text)
            {
                Assert.Skip("kubectl is not installed.");
                return;
            }

            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            var rendered = stream.Documents.Select(document => document.RootNode).ToList();
            Assert.Equal(databases, rendered.Count(document => Text(document, "kind") == "StatefulSet"));
            Assert.All(rendered.Where(document => Text(document, "kind") is not "Namespace"), document => Assert.Equal("titanic-api", Text(document, "metadata", "namespace")));
            var settings = rendered.Single(document => Text(document, "kind") == "ConfigMap");
            Assert.Equal(overlay == "development" ? "open" : "required", Text(settings, "data", "AUTH_MODE"));
            var used = rendered.Where(document => Text(document, "kind") == "Deployment").SelectMany(document => List(document, "spec", "template", "spec", "containers")).SelectMany(container => List(container, "envFrom"));
            Assert.All(used, reference => Assert.Equal(Text(settings, "metadata", "name"), Text(reference, "configMapRef", "name")));
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    /// <summary>Null where there is no kubectl.</summary>
    private static async Task<string?> RenderAsync(string folder)
    {
        var start = new ProcessStartInfo("kubectl", ["kustomize", folder]) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, await error);
            return await output;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static YamlNode? PodOf(YamlNode document) => Text(document, "kind") switch
    {
        "Deployment" or "StatefulSet" => At(document, "spec", "template", "spec"),
        "CronJob" => At(document, "spec", "jobTemplate", "spec", "template", "spec"),
        _ => null,
    };

    private static YamlNode One(string kind, string name) => Assert.Single(s_base, document => Text(document, "kind") == kind && Text(document, "metadata", "name") == name);

    private static List<YamlNode> Documents(string file)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(file)));
        return [.. stream.Documents.Select(document => document.RootNode)];
    }

    private static YamlNode? At(YamlNode node, params string[] path)
    {
        YamlNode? at = node;
        foreach (var name in path)
        {
            at = at is YamlMappingNode map && map.Children.TryGetValue(name, out var child) ? child : null;
        }

        return at;
    }

    private static string Text(YamlNode node, params string[] path) => At(node, path)?.ToString() ?? "";

    private static IEnumerable<YamlNode> List(YamlNode node, params string[] path) => At(node, path) is YamlSequenceNode list ? list.Children : [];
}
