using System.Text.Json.Nodes;
using Slipway.EndToEnd.Tests.Harness;

namespace Slipway.EndToEnd.Tests.Scenes;

/// <summary>Programs that do what programs do on a Friday: each leaves a specific condition, reason and message.</summary>
[Collection(SharedCloud.Collection)]
public sealed class MisbehavingScenes(SharedCloud shared)
{
    private readonly Cloud _cloud = shared.Cloud;

    [Fact]
    public async Task A_program_that_ends_at_once_is_reported_with_its_exit_code_and_its_last_words()
    {
        (await _cloud.DeployMisbehaverAsync("quits", "-e", "MISBEHAVE=exit", "-e", "MISBEHAVE_CODE=7", "--no-wait")).Succeeded();

        var condition = await ConditionAsync("quits-00001", "ContainerHealthy", condition => (string?)condition["reason"] == "ExitCode7");

        Assert.Equal("False", (string?)condition["status"]);
        Assert.NotEmpty((string?)condition["message"] ?? "");
    }

    [Fact]
    public async Task A_program_that_never_listens_fails_its_progress_deadline()
    {
        (await _cloud.ApplyAsync(await ManifestAsync("deaf", "MISBEHAVE=deaf", ("serving.knative.dev/progress-deadline", "5s")))).Succeeded();

        var condition = await ConditionAsync("deaf-00001", "Ready", condition => (string?)condition["status"] == "False");

        Assert.Equal("ProgressDeadlineExceeded", (string?)condition["reason"]);
    }

    [Fact]
    public async Task A_broken_second_revision_leaves_the_first_one_serving()
    {
        (await _cloud.DeployHelloAsync("careful")).Succeeded();
        (await _cloud.SlipwayAsync("deploy", "careful", "--folder", await Samples.MisbehaverAsync(), "--command", "./misbehaver", "-e", "MISBEHAVE=exit", "-e", "MISBEHAVE_CODE=3", "--no-wait")).Succeeded();
        await ConditionAsync("careful-00002", "ContainerHealthy", condition => (string?)condition["reason"] == "ExitCode3");

        for (var request = 0; request < 20; request++)
        {
            Assert.Contains("careful-00001", await _cloud.GetTextAsync("careful"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_image_that_does_not_exist_is_named()
    {
        (await _cloud.SlipwayAsync("deploy", "ghost", "--image", $"localhost:{_cloud.RegistryPort}/ghost:v1", "--no-wait")).Succeeded();

        var condition = await ConditionAsync("ghost-00001", "ContainerHealthy", condition => (string?)condition["status"] == "False");

        Assert.Equal("ContainerMissing", (string?)condition["reason"]);
        Assert.Contains("ghost:v1", (string?)condition["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_answers_garbage_is_a_bad_gateway_and_harms_nobody_else()
    {
        (await _cloud.DeployHelloAsync("neighbour")).Succeeded();
        (await _cloud.DeployMisbehaverAsync("garbage", "-e", "MISBEHAVE=garbage")).Succeeded();

        using var answer = await _cloud.Http.GetAsync(_cloud.UrlOf("garbage"), TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Contains("neighbour-00001", await _cloud.GetTextAsync("neighbour"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_ignores_the_request_to_stop_is_ended_all_the_same()
    {
        (await _cloud.DeployMisbehaverAsync("stubborn", "-e", "MISBEHAVE=stubborn", "--timeout", "2")).Succeeded();
        (await _cloud.SlipwayAsync("delete", "service", "stubborn")).Succeeded();

        await Eventually.TrueAsync(async () => (await _cloud.ContainersAsync("stubborn")).Count == 0, "no instance of it is left");
    }

    [Fact]
    public async Task A_program_that_leaks_to_its_limit_is_killed_said_so_and_replaced()
    {
        Assert.SkipUnless(_cloud.Status()["notes"]!.AsArray().Any(note => ((string)note!).Contains("memory", StringComparison.Ordinal)
            && ((string)note!).StartsWith("Control groups", StringComparison.Ordinal)), "this host does not let us limit memory");
        // Left to itself the program would notice the limit and refuse to grow; a program that does not is what limits are for.
        (await _cloud.DeployMisbehaverAsync("leaky", "--memory", "200Mi", "--min", "1", "-e", "DOTNET_GCHeapHardLimit=0x100000000")).Succeeded();
        var before = (string)(await _cloud.ContainersAsync("leaky"))[0]["id"]!;

        using (await _cloud.Http.GetAsync(_cloud.UrlOf("leaky", "/leak"), TestContext.Current.CancellationToken))
        {
            // What the client of the dying instance sees is a 5xx; what matters is what comes after.
        }

        await Eventually.TrueAsync(async () => (await _cloud.SlipwayAsync("get", "pods", "-o", "json")).Output.Contains("OOMKilled", StringComparison.Ordinal), "the pod tells why it ended");
        await Eventually.TrueAsync(async () => (await _cloud.Http.GetAsync(_cloud.UrlOf("leaky"))).IsSuccessStatusCode
            && (await _cloud.ContainersAsync("leaky")).All(container => (string)container["id"]! != before || (string?)container["status"] == "failed"), "a fresh instance serves");
    }

    private async Task<string> ManifestAsync(string service, string environment, params (string Key, string Value)[] annotations)
    {
        (await _cloud.DeployMisbehaverAsync($"{service}-image")).Succeeded();
        var image = (string)(await _cloud.FindAsync("service", $"{service}-image"))!["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]!;
        var (name, value) = (environment.Split('=')[0], environment.Split('=')[1]);
        return Manifests.HelloWith(image, service, annotations).Replace("""["./Hello"]""", $"""
            ["./misbehaver"]
                    env:
                    - name: {name}
                      value: "{value}"
            """, StringComparison.Ordinal);
    }

    private async Task<JsonNode> ConditionAsync(string revision, string type, Func<JsonNode, bool> isRight)
    {
        JsonNode? found = null;
        await Eventually.TrueAsync(async () =>
        {
            found = Manifests.Condition(await _cloud.FindAsync("revision", revision), type);
            return found is not null && isRight(found);
        }, $"condition {type} of {revision}");
        return found!;
    }
}
