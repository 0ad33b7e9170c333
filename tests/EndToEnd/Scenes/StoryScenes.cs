using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Slipway.EndToEnd.Tests.Harness;

namespace Slipway.EndToEnd.Tests.Scenes;

/// <summary>The story the README tells.</summary>
[Collection(SharedCloud.Collection)]
public sealed class StoryScenes(SharedCloud shared)
{
    private readonly Cloud _cloud = shared.Cloud;

    [Fact]
    public async Task A_project_becomes_a_service_with_a_url()
    {
        var deployed = (await _cloud.SlipwayAsync("deploy", "from-project", "--project", Checkout.Sample("hello"), "-e", "MESSAGE=Ahoy")).Succeeded();

        Assert.Contains($"http://from-project.default.localhost:{_cloud.GatewayPort}", deployed.Output, StringComparison.Ordinal);
        Assert.Contains("100 %  from-project-00001  (latest)", deployed.Output, StringComparison.Ordinal);
        Assert.Contains("Ahoy from from-project-00001", await _cloud.GetTextAsync("from-project"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_with_a_project_is_built_and_its_image_is_replaced_by_a_digest()
    {
        (await Command.RunAsync(Checkout.Slipway, ["deploy"], _cloud.Settings, folder: Checkout.Sample("hello"))).Succeeded();

        var service = (await _cloud.FindAsync("service", "hello"))!;
        Assert.Matches("@sha256:[0-9a-f]{64}$", (string)service["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]!);
        Assert.Contains("hello-00001", await _cloud.GetTextAsync("hello"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ninety_to_ten_is_ninety_to_ten_over_a_thousand_requests()
    {
        (await _cloud.DeployHelloAsync("split")).Succeeded();
        (await _cloud.DeployHelloAsync("split", "-e", "MESSAGE=Second")).Succeeded();
        (await _cloud.SlipwayAsync("traffic", "split", "split-00001=90", "split-00002=10")).Succeeded();

        var second = 0;
        for (var request = 0; request < 1000; request++)
        {
            second += (await _cloud.GetTextAsync("split")).Contains("split-00002", StringComparison.Ordinal) ? 1 : 0;
        }

        // Five standard deviations of a binomial with n = 1000, p = 0.1: a fair split fails this once in two million runs.
        Assert.InRange(second, 100 - 48, 100 + 48);
    }

    [Fact]
    public async Task A_rollback_moves_all_traffic_back_and_says_so()
    {
        (await _cloud.DeployHelloAsync("back", "-e", "MESSAGE=One")).Succeeded();
        (await _cloud.DeployHelloAsync("back", "-e", "MESSAGE=Two")).Succeeded();
        Assert.Contains("back-00002", await _cloud.GetTextAsync("back"), StringComparison.Ordinal);

        var rolled = (await _cloud.SlipwayAsync("rollback", "back")).Succeeded();

        Assert.Contains("100 %  back-00001", rolled.Output, StringComparison.Ordinal);
        Assert.Contains("pinned", rolled.Output, StringComparison.Ordinal);
        for (var request = 0; request < 20; request++)
        {
            Assert.Contains("One from back-00001", await _cloud.GetTextAsync("back"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_tag_reaches_a_revision_without_traffic()
    {
        (await _cloud.DeployHelloAsync("tagged")).Succeeded();
        (await _cloud.DeployHelloAsync("tagged", "-e", "MESSAGE=Beta", "--no-traffic", "--tag", "beta")).Succeeded();

        Assert.Contains("tagged-00001", await _cloud.GetTextAsync("tagged"), StringComparison.Ordinal);
        Assert.Contains("Beta from tagged-00002", await _cloud.GetTextAsync("beta-tagged"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_idle_service_freezes_stops_and_wakes_for_the_next_request()
    {
        (await _cloud.ApplyAsync(Manifests.HelloWith(await ImageAsync("sleepy"), "sleepy", ("autoscaling.knative.dev/window", "6s")))).Succeeded();
        await ReadyAsync("sleepy");
        await _cloud.GetTextAsync("sleepy");

        await Eventually.TrueAsync(async () => (await ContainersAsync("sleepy")).Any(container => (string?)container["status"] == "frozen"), "an idle instance is frozen");
        Assert.Contains("sleepy", await _cloud.GetTextAsync("sleepy"), StringComparison.Ordinal);

        await Eventually.TrueAsync(async () => (await ContainersAsync("sleepy")).Count == 0, "the idle service has no instance left");
        Assert.Contains("sleepy", await _cloud.GetTextAsync("sleepy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopped_service_refuses_requests_and_starts_again()
    {
        (await _cloud.DeployHelloAsync("paused")).Succeeded();
        (await _cloud.SlipwayAsync("scale", "paused", "--stop")).Succeeded();

        await Eventually.TrueAsync(async () =>
        {
            using var refused = await _cloud.Http.GetAsync(_cloud.UrlOf("paused"));
            return refused.StatusCode == HttpStatusCode.ServiceUnavailable
                && (string?)(await refused.Content.ReadFromJsonAsync<JsonNode>())?["code"] == "serviceStopped";
        }, "requests are refused because the service is stopped");

        (await _cloud.SlipwayAsync("scale", "paused", "--start")).Succeeded();
        await Eventually.TrueAsync(async () => (await _cloud.Http.GetAsync(_cloud.UrlOf("paused"))).IsSuccessStatusCode, "the service answers again");
    }

    [Fact]
    public async Task The_autoscaler_explains_itself()
    {
        (await _cloud.DeployHelloAsync("explained")).Succeeded();
        await using (new ConstantLoad(_cloud.Http, _cloud.UrlOf("explained", "/slow?ms=100"), perSecond: 20))
        {
            await Eventually.TrueAsync(
                async () => (await _cloud.SlipwayAsync("why", "explained")).Output.Contains("explained-00001", StringComparison.Ordinal),
                "a decision is told");
        }
    }

    [Fact]
    public async Task Concurrency_one_never_puts_two_requests_into_one_instance()
    {
        (await _cloud.DeployHelloAsync("single", "--concurrency", "1", "--max", "3")).Succeeded();

        var answers = await Task.WhenAll(Enumerable.Range(0, 9).Select(_ => _cloud.GetTextAsync("single", "/slow?ms=300")));

        Assert.Equal(9, answers.Length);
    }

    [Fact]
    public async Task Logs_of_a_service_can_be_read()
    {
        (await _cloud.DeployHelloAsync("talkative")).Succeeded();
        await _cloud.GetTextAsync("talkative");

        await Eventually.TrueAsync(
            async () => (await _cloud.SlipwayAsync("logs", "talkative")).Output.Contains("listening", StringComparison.OrdinalIgnoreCase),
            "the log shows what the program wrote");
    }

    [Fact]
    public async Task A_service_that_a_database_names_finds_it_in_its_environment()
    {
        (await _cloud.ApplyAsync("apiVersion: slipway.dev/v1\nkind: Database\nmetadata:\n  name: ledger\nspec:\n  services: [accounts]\n")).Succeeded();
        await Eventually.TrueAsync(async () => (string?)Manifests.Condition(await _cloud.FindAsync("database", "ledger"), "Ready")?["status"] == "True", "the database is ready");

        (await _cloud.DeployHelloAsync("accounts")).Succeeded();

        Assert.Contains("DATABASE_URL", await _cloud.GetTextAsync("accounts", "/env"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_host_is_told_so_in_a_problem_document()
    {
        using var response = await _cloud.Http.GetAsync(_cloud.UrlOf("nobody"));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("unknownHost", (string?)(await response.Content.ReadFromJsonAsync<JsonNode>())?["code"]);
    }

    [Fact]
    public async Task The_gateway_speaks_tls_with_a_certificate_of_this_installation()
    {
        (await _cloud.DeployHelloAsync("secure")).Succeeded();
        var result = await Command.RunAsync("curl",
            ["-sS", "--cacert", Path.Combine(_cloud.Home, "certificates", "ca.crt"), "--resolve", $"secure.default.localhost:{_cloud.TlsPort}:127.0.0.1", $"https://secure.default.localhost:{_cloud.TlsPort}/"]);

        Assert.Contains("secure-00001", result.Succeeded().Output, StringComparison.Ordinal);
    }

    private async Task<string> ImageAsync(string name)
    {
        (await _cloud.DeployHelloAsync($"{name}-image")).Succeeded();
        return (string)(await _cloud.FindAsync("service", $"{name}-image"))!["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]!;
    }

    private Task ReadyAsync(string service) =>
        Eventually.TrueAsync(async () => Manifests.IsReady(await _cloud.FindAsync("service", service)), $"service {service} is ready");

    private async Task<IReadOnlyList<JsonNode>> ContainersAsync(string service) => await _cloud.ContainersAsync(service);
}
