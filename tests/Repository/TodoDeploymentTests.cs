using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Slipway.Repository.Tests;

/// <summary>The files that carry Todo to a cluster of Google's say what the documented deployment says.</summary>
public sealed partial class TodoDeploymentTests
{
    private const string Folder = "deploy/todo";

    [Theory]
    [InlineData("frontend", "todo-app-frontend-service", "30080")]
    [InlineData("auth", "todo-app-auth-nodeport", "30081")]
    [InlineData("todo", "todo-app-todo-nodeport", "30082")]
    public void Every_workload_has_its_names_ports_limits_probes_and_autoscaler(string name, string nodePortName, string nodePort)
    {
        var documents = Documents($"{Folder}/kubernetes/{name}.yaml");
        var deployment = Assert.Single(documents, document => Text(document, "kind") == "Deployment");
        Assert.Equal($"todo-app-{name}", Text(deployment, "metadata", "name"));
        Assert.Equal("1", Text(deployment, "spec", "replicas"));
        Assert.Equal("30", Text(deployment, "spec", "template", "spec", "terminationGracePeriodSeconds"));
        var container = At(deployment, "spec", "template", "spec", "containers")[0];
        foreach (var amount in new[] { "requests", "limits" })
        {
            Assert.NotEmpty(Text(container, "resources", amount, "cpu"));
            Assert.NotEmpty(Text(container, "resources", amount, "memory"));
        }

        Assert.Equal(("/ready", "/live"), (Text(container, "readinessProbe", "httpGet", "path"), Text(container, "livenessProbe", "httpGet", "path")));
        Assert.Equal("8080", Text(container, "ports", "0", "containerPort"));

        var services = documents.Where(document => Text(document, "kind") == "Service").ToDictionary(document => Text(document, "spec", "type"));
        Assert.Equal($"todo-app-{name}", Text(services["ClusterIP"], "metadata", "name"));
        Assert.Equal((nodePortName, nodePort), (Text(services["NodePort"], "metadata", "name"), Text(services["NodePort"], "spec", "ports", "0", "nodePort")));

        var scaler = Assert.Single(documents, document => Text(document, "kind") == "HorizontalPodAutoscaler");
        Assert.Equal(("1", "5"), (Text(scaler, "spec", "minReplicas"), Text(scaler, "spec", "maxReplicas")));
        Assert.Equal(("cpu", "70"), (Text(scaler, "spec", "metrics", "0", "resource", "name"), Text(scaler, "spec", "metrics", "0", "resource", "target", "averageUtilization")));
        Assert.Equal(("memory", "80"), (Text(scaler, "spec", "metrics", "1", "resource", "name"), Text(scaler, "spec", "metrics", "1", "resource", "target", "averageUtilization")));
        Assert.Equal(("30", "60", "300"), (
            Text(scaler, "spec", "behavior", "scaleUp", "policies", "0", "periodSeconds"),
            Text(scaler, "spec", "behavior", "scaleDown", "policies", "0", "periodSeconds"),
            Text(scaler, "spec", "behavior", "scaleDown", "stabilizationWindowSeconds")));
    }

    [Fact]
    public void Everything_is_in_one_namespace_and_configuration_and_secrets_are_apart()
    {
        var kustomization = Documents($"{Folder}/kubernetes/kustomization.yaml").Single();
        Assert.Equal("todo-app", Text(kustomization, "namespace"));
        Assert.Equal("todo-app", Text(Documents($"{Folder}/kubernetes/namespace.yaml").Single(), "metadata", "name"));

        var settings = Checkout.Read($"{Folder}/kubernetes/settings.env");
        Assert.DoesNotMatch("(?i)password|secret|_KEY|DATABASE_URL", settings);
        Assert.DoesNotContain("localhost", settings, StringComparison.Ordinal);
        Assert.Contains("secrets.env", Checkout.Read($"{Folder}/kubernetes/.gitignore"), StringComparison.Ordinal);
        foreach (Match key in SecretKey().Matches(string.Concat(new[] { "auth", "todo", "frontend" }.Select(name => Checkout.Read($"{Folder}/kubernetes/{name}.yaml")))))
        {
            Assert.Contains($"{key.Groups[1].Value}=", Checkout.Read($"{Folder}/kubernetes/secrets.env.example"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Images_are_multi_stage_for_one_named_architecture_and_carry_the_documented_tags()
    {
        var bake = Checkout.Read($"{Folder}/docker/bake.hcl");
        foreach (var tag in new[] { "todo-app-auth:optimized-v4", "todo-app-frontend:updated-v2", "todo-app-todo:latest" })
        {
            Assert.Contains($"gcr.io/${{PROJECT_ID}}/{tag}", bake, StringComparison.Ordinal);
        }

        Assert.Contains("linux/amd64", bake, StringComparison.Ordinal);
        foreach (Match file in Dockerfile().Matches(bake))
        {
            var text = Checkout.Read(file.Groups[1].Value);
            Assert.Equal(2, Regex.Count(text, "(?m)^FROM "));
            var project = Project().Match(text).Groups[1].Value;
            var assembly = Checkout.Files.Single(path => path.StartsWith($"{project}/", StringComparison.Ordinal) && path.Count(character => character == '/') == project.Count(character => character == '/') + 1
                && path.EndsWith(".csproj", StringComparison.Ordinal));
            Assert.Contains($"\"{Path.GetFileNameWithoutExtension(assembly)}.dll\"", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_infrastructure_is_made_of_modules_that_are_all_used_with_every_input_they_need()
    {
        var main = Checkout.Read($"{Folder}/terraform/main.tf");
        var modules = Checkout.Files.Select(path => Module().Match(path)).Where(match => match.Success).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(["cluster", "database", "functions", "identity", "network", "registry"], modules.Order());
        foreach (var module in modules)
        {
            var block = Regex.Match(main, $$"""module "{{module}}" \{(.*?)\n\}""", RegexOptions.Singleline).Groups[1].Value;
            Assert.Contains($"./modules/{module}\"", block, StringComparison.Ordinal);
            foreach (Match input in Input().Matches(Checkout.Read($"{Folder}/terraform/modules/{module}/main.tf")))
            {
                Assert.Matches($@"(?m)^\s+{input.Groups[1].Value}\s+=", block);
            }
        }

        var variables = Checkout.Read($"{Folder}/terraform/variables.tf");
        foreach (var value in new[] { "todo-app-project", "europe-west1", "europe-west1-b", "todo-app-gke-dev", "10.0.1.0/24", "e2-micro" })
        {
            Assert.Contains($"\"{value}\"", variables, StringComparison.Ordinal);
        }

        Assert.Contains("enable_autopilot    = true", Checkout.Read($"{Folder}/terraform/modules/cluster/main.tf"), StringComparison.Ordinal);
        var setup = Checkout.Read($"{Folder}/setup.sh");
        foreach (var api in new[] { "container", "compute", "cloudbuild" })
        {
            Assert.Contains($"{api}.googleapis.com", setup, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_cost_page_says_what_the_profile_says()
    {
        using var profile = JsonDocument.Parse(Checkout.Read($"{Folder}/costs/profile.json"));
        var page = Checkout.Read($"{Folder}/costs/README.md");
        var (documented, recomputed) = (0m, 0m);
        foreach (var group in profile.RootElement.GetProperty("groups").EnumerateArray())
        {
            var sum = 0m;
            foreach (var line in group.GetProperty("lines").EnumerateArray())
            {
                var amount = Math.Round(line.GetProperty("quantity").GetDecimal() * decimal.Parse(line.GetProperty("price").GetString()!, CultureInfo.InvariantCulture), 2);
                sum += amount;
                Assert.Contains($"| {line.GetProperty("what").GetString()} | {Money(line.GetProperty("documented").GetDecimal())} | {Money(amount)} |", page, StringComparison.Ordinal);
            }

            Assert.Contains($"| **{group.GetProperty("name").GetString()}** | | **{Money(group.GetProperty("documented").GetDecimal())}** | **{Money(sum)}** |", page, StringComparison.Ordinal);
            documented += group.GetProperty("documented").GetDecimal();
            recomputed += sum;
        }

        Assert.Equal((150.00m, 159.08m), (documented, recomputed));
        var budget = profile.RootElement.GetProperty("budget").GetProperty("amount").GetDecimal();
        Assert.Contains($"| months the budget lasts | {(int)(budget / documented)} | {(int)(budget / recomputed)} |", page, StringComparison.Ordinal);
        Assert.Contains($"| left after 2 months | {Money(budget - (2 * documented))} | {Money(budget - (2 * recomputed))} |", page, StringComparison.Ordinal);
        Assert.Equal(367, profile.RootElement.GetProperty("production").GetProperty("lines").EnumerateArray().Sum(line => line.GetProperty("documented").GetDecimal()));
    }

    private static string Money(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    private static List<YamlNode> Documents(string path)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(Checkout.Read(path)));
        return [.. stream.Documents.Select(document => document.RootNode)];
    }

    private static YamlNode At(YamlNode node, params string[] path) =>
        path.Aggregate(node, (at, step) => at is YamlSequenceNode list ? list[int.Parse(step, CultureInfo.InvariantCulture)] : at[step]);

    private static string Text(YamlNode node, params string[] path) => ((YamlScalarNode)At(node, path)).Value ?? "";

    [GeneratedRegex(@"^deploy/todo/terraform/modules/(\w+)/main\.tf$")]
    private static partial Regex Module();

    [GeneratedRegex(@"(?m)^variable ""(\w+)"" ")]
    private static partial Regex Input();

    [GeneratedRegex(@"dockerfile = ""([^""]+)""")]
    private static partial Regex Dockerfile();

    [GeneratedRegex(@"dotnet publish (\S+)")]
    private static partial Regex Project();

    [GeneratedRegex(@"name: todo-app-secrets\s+key: (\w+)")]
    private static partial Regex SecretKey();
}
