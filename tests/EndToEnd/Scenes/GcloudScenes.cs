using Slipway.EndToEnd.Tests.Harness;

namespace Slipway.EndToEnd.Tests.Scenes;

/// <summary>The real gcloud, told by its own variables where the API is.</summary>
[Collection(SharedCloud.Collection)]
public sealed class GcloudScenes(SharedCloud shared)
{
    private readonly Cloud _cloud = shared.Cloud;

    [Fact]
    public async Task A_service_is_deployed_split_described_replaced_and_deleted()
    {
        Assert.SkipUnless(Command.Find("gcloud") is not null, "gcloud is not installed on this machine");
        (await _cloud.DeployHelloAsync("cloudimage")).Succeeded();
        var image = (string)(await _cloud.FindAsync("service", "cloudimage"))!["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]!;

        (await RunAsync("deploy", "cloudy", "--image", image, "--command", "./Hello", "--allow-unauthenticated")).Succeeded();
        Assert.Contains("cloudy", (await RunAsync("services", "list")).Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("cloudy", await _cloud.GetInNamespaceAsync("cloudy", "demo"), StringComparison.Ordinal);

        (await RunAsync("deploy", "cloudy", "--image", image, "--command", "./Hello", "--set-env-vars", "MESSAGE=Two")).Succeeded();
        var revisions = (await RunAsync("revisions", "list", "--service", "cloudy", "--format", "value(metadata.name)", "--sort-by", "metadata.creationTimestamp,metadata.name")).Succeeded().Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(2, revisions.Length);
        (await RunAsync("services", "update-traffic", "cloudy", "--to-revisions", $"{revisions[0]}=50,{revisions[1]}=50")).Succeeded();
        (await RunAsync("revisions", "describe", revisions[0])).Succeeded();

        var described = (await RunAsync("services", "describe", "cloudy", "--format", "export")).Succeeded().Output;
        var file = Path.Combine(_cloud.Home, "cloudy.yaml");
        await File.WriteAllTextAsync(file, described, TestContext.Current.CancellationToken);
        (await RunAsync("services", "replace", file)).Succeeded();

        await OnlyInvokersPassAsync();

        (await RunAsync("services", "delete", "cloudy")).Succeeded();
        Assert.DoesNotContain("cloudy", (await RunAsync("services", "list")).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_is_created_executed_listed_and_deleted()
    {
        Assert.SkipUnless(Command.Find("gcloud") is not null, "gcloud is not installed on this machine");
        (await _cloud.DeployHelloAsync("jobimage")).Succeeded();
        var image = (string)(await _cloud.FindAsync("service", "jobimage"))!["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]!;

        (await RunAsync("jobs", "create", "count", "--image", image, "--command", "/bin/sh", "--args", "-c,echo task $$CLOUD_RUN_TASK_INDEX of $$CLOUD_RUN_JOB", "--tasks", "2")).Succeeded();
        (await RunAsync("jobs", "execute", "count", "--wait")).Succeeded();
        Assert.Contains("2 / 2", (await RunAsync("jobs", "executions", "list", "--job", "count")).Succeeded().Output, StringComparison.Ordinal);

        (await RunAsync("jobs", "delete", "count")).Succeeded();
        Assert.DoesNotContain("count", (await RunAsync("jobs", "list")).Succeeded().Output, StringComparison.Ordinal);
    }

    /// <summary>The service was opened to everybody; now only an account of the cluster may call it.</summary>
    private async Task OnlyInvokersPassAsync()
    {
        (await RunAsync("services", "remove-iam-policy-binding", "cloudy", "--member", "allUsers", "--role", "roles/run.invoker")).Succeeded();
        (await RunAsync("services", "add-iam-policy-binding", "cloudy", "--member", "serviceAccount:robot@demo.iam.gserviceaccount.com", "--role", "roles/run.invoker")).Succeeded();
        (await _cloud.KubectlAsync("create", "serviceaccount", "robot", "-n", "demo")).Succeeded();
        var url = $"http://cloudy.demo.localhost:{_cloud.GatewayPort}";
        var token = (await _cloud.KubectlAsync("create", "token", "robot", "-n", "demo", "--audience", url)).Succeeded().Output.Trim();

        await Eventually.TrueAsync(async () => await StatusAsync(url, null) == 401, "nobody passes without a token");
        Assert.Equal(200, await StatusAsync(url, token));
        Assert.Equal(401, await StatusAsync(url, token[..^2] + "xx"));
    }

    private async Task<int> StatusAsync(string url, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Authorization = token is null ? null : new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", token);
        using var answer = await _cloud.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }

    private Task<CommandResult> RunAsync(params string[] arguments)
    {
        // gcloud puts the region before the host's name, which resolves nowhere; asked as a proxy, the API answers to any name.
        var settings = new Dictionary<string, string>(_cloud.Settings)
        {
            ["CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN"] = "http://slipway/",
            ["CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDRESOURCEMANAGER"] = "http://slipway/",
            ["CLOUDSDK_PROXY_TYPE"] = "http",
            ["CLOUDSDK_PROXY_ADDRESS"] = "127.0.0.1",
            ["CLOUDSDK_PROXY_PORT"] = $"{_cloud.ApiClearPort}",
            ["CLOUDSDK_AUTH_ACCESS_TOKEN_FILE"] = Path.Combine(_cloud.Home, "admin-token"),
            ["CLOUDSDK_CORE_PROJECT"] = "demo",
            ["CLOUDSDK_RUN_REGION"] = "local",
            ["CLOUDSDK_CONFIG"] = Path.Combine(_cloud.Home, "gcloud"),
            ["CLOUDSDK_CORE_DISABLE_PROMPTS"] = "1",
            ["CLOUDSDK_CORE_SHOULD_PROMPT_TO_ENABLE_API"] = "false",
            ["CLOUDSDK_CORE_DISABLE_USAGE_REPORTING"] = "1",
            ["CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK"] = "1",
        };
        return Command.RunAsync("gcloud", ["run", .. arguments], settings);
    }
}
