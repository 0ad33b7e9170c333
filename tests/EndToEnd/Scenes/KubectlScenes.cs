using System.Text.Json.Nodes;
using Slipway.EndToEnd.Tests.Harness;

namespace Slipway.EndToEnd.Tests.Scenes;

/// <summary>The real kubectl, unmodified.</summary>
[Collection(SharedCloud.Collection)]
public sealed class KubectlScenes(SharedCloud shared)
{
    private readonly Cloud _cloud = shared.Cloud;

    [Fact]
    public async Task A_service_is_applied_watched_patched_and_deleted_with_its_children()
    {
        NeedsKubectl();
        var image = await ImageAsync("kube");
        await ApplyAsync(Manifests.HelloWith(image, "kube"));
        (await _cloud.KubectlAsync("wait", "ksvc/kube", "--for=condition=Ready", "--timeout=60s")).Succeeded();

        Assert.Matches(@"kube\s+http://kube\.default\.localhost:\d+\s+kube-00001\s+kube-00001\s+True", (await _cloud.KubectlAsync("get", "ksvc", "kube")).Succeeded().Output);
        Assert.Contains("kind: Service", (await _cloud.KubectlAsync("get", "ksvc", "kube", "-o", "yaml")).Succeeded().Output, StringComparison.Ordinal);
        Assert.Equal("kube-00001", (await _cloud.KubectlAsync("get", "ksvc", "kube", "-o", "jsonpath={.status.latestReadyRevisionName}")).Succeeded().Output);
        Assert.Contains("RoutesReady", (await _cloud.KubectlAsync("describe", "ksvc", "kube")).Succeeded().Output, StringComparison.Ordinal);

        (await _cloud.KubectlAsync("label", "ksvc", "kube", "team=blue")).Succeeded();
        (await _cloud.KubectlAsync("annotate", "ksvc", "kube", "note=hello")).Succeeded();
        Assert.Contains("kube", (await _cloud.KubectlAsync("get", "ksvc", "-l", "team=blue", "-o", "name")).Succeeded().Output, StringComparison.Ordinal);

        (await _cloud.KubectlAsync("patch", "ksvc", "kube", "--type=merge", "-p", """{"spec":{"template":{"spec":{"timeoutSeconds":77}}}}""")).Succeeded();
        (await _cloud.KubectlAsync("wait", "ksvc/kube", "--for=jsonpath={.status.latestReadyRevisionName}=kube-00002", "--timeout=60s")).Succeeded();

        (await _cloud.KubectlAsync("delete", "ksvc", "kube")).Succeeded();
        await Eventually.TrueAsync(async () =>
            (await _cloud.KubectlAsync("get", "configurations,routes,revisions", "-l", "serving.knative.dev/service=kube", "-o", "name")).Output.Trim().Length == 0,
            "everything that belonged to the service is gone");
    }

    [Fact]
    public async Task A_watch_shows_a_change_as_it_happens()
    {
        NeedsKubectl();
        await ApplyAsync("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: watched\ndata:\n  a: one\n");
        var watching = Command.RunAsync("sh", ["-c", "timeout 60 kubectl get configmap watched -w --output-watch-events --no-headers | head -n 2"], _cloud.Settings);
        await Eventually.TrueAsync(async () =>
        {
            (await _cloud.KubectlAsync("annotate", "configmap", "watched", "--overwrite", $"at={Guid.NewGuid():N}")).Succeeded();
            return watching.IsCompleted;
        }, "the watch has shown two events");

        Assert.Contains("MODIFIED", (await watching).Output, StringComparison.Ordinal);
        (await _cloud.KubectlAsync("delete", "configmap", "watched")).Succeeded();
    }

    [Fact]
    public async Task Built_in_kinds_can_be_made_with_the_client_s_own_verbs()
    {
        NeedsKubectl();
        (await _cloud.KubectlAsync("create", "namespace", "kubed")).Succeeded();
        (await _cloud.KubectlAsync("create", "secret", "generic", "kept", "-n", "kubed", "--from-literal=password=swordfish")).Succeeded();
        (await _cloud.KubectlAsync("create", "configmap", "settings", "-n", "kubed", "--from-literal=colour=blue")).Succeeded();

        Assert.Equal("c3dvcmRmaXNo", (await _cloud.KubectlAsync("get", "secret", "kept", "-n", "kubed", "-o", "jsonpath={.data.password}")).Succeeded().Output);
        Assert.Contains("blue", (await _cloud.KubectlAsync("describe", "configmap", "settings", "-n", "kubed")).Succeeded().Output, StringComparison.Ordinal);

        (await _cloud.KubectlAsync("delete", "namespace", "kubed")).Succeeded();
        await Eventually.TrueAsync(async () => (await _cloud.KubectlAsync("get", "configmap", "settings", "-n", "kubed")).ExitCode != 0, "a deleted namespace is empty");
    }

    [Fact]
    public async Task Server_side_apply_keeps_owners_apart()
    {
        NeedsKubectl();
        await ApplyAsync("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: owned\ndata:\n  a: one\n", "--server-side", "--field-manager=first");
        var conflict = await Command.RunAsync("kubectl", ["apply", "-f", "-", "--server-side", "--field-manager=second"], _cloud.Settings,
            input: "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: owned\ndata:\n  a: two\n");
        Assert.Contains("conflict", conflict.FailedWith(1).Error, StringComparison.OrdinalIgnoreCase);

        await ApplyAsync("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: owned\ndata:\n  a: two\n", "--server-side", "--field-manager=second", "--force-conflicts");
        Assert.Equal("two", (await _cloud.KubectlAsync("get", "configmap", "owned", "-o", "jsonpath={.data.a}")).Succeeded().Output);
        (await _cloud.KubectlAsync("delete", "configmap", "owned")).Succeeded();
    }

    [Fact]
    public async Task Explain_and_api_resources_describe_what_is_served()
    {
        NeedsKubectl();
        Assert.Contains("template", (await _cloud.KubectlAsync("explain", "ksvc.spec")).Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("cronjobs", (await _cloud.KubectlAsync("api-resources", "--no-headers")).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_is_refused_with_every_field_that_is_wrong()
    {
        NeedsKubectl();
        var refused = await Command.RunAsync("kubectl", ["apply", "-f", "-"], _cloud.Settings, input: """
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata: { name: wrong }
            spec:
              template:
                spec:
                  timeoutSeconds: 9999
                  containerConcurrency: -1
                  containers:
                  - image: "not an image"
            """);

        refused.FailedWith(1);
        Assert.Contains("timeoutSeconds", refused.Error, StringComparison.Ordinal);
        Assert.Contains("containerConcurrency", refused.Error, StringComparison.Ordinal);
        Assert.Contains("image", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_of_an_instance_are_read_through_the_api()
    {
        NeedsKubectl();
        (await _cloud.DeployHelloAsync("kubelogs")).Succeeded();
        await _cloud.GetTextAsync("kubelogs");
        await Eventually.TrueAsync(
            async () => (await _cloud.KubectlAsync("logs", "-l", "serving.knative.dev/service=kubelogs")).Output.Contains("listening", StringComparison.OrdinalIgnoreCase),
            "kubectl shows what the program wrote");
    }

    [Fact]
    public async Task A_job_runs_to_its_end_and_a_cron_job_can_be_run_by_hand()
    {
        NeedsKubectl();
        var image = await ImageAsync("jobs");
        await ApplyAsync(Job("once", image, "[\"/bin/sh\", \"-c\", \"echo task $CLOUD_RUN_TASK_INDEX of $CLOUD_RUN_TASK_COUNT\"]", "completions: 3\n  parallelism: 2\n  "));
        (await _cloud.KubectlAsync("wait", "job/once", "--for=condition=Complete", "--timeout=60s")).Succeeded();
        Assert.Equal("3", (await _cloud.KubectlAsync("get", "job", "once", "-o", "jsonpath={.status.succeeded}")).Succeeded().Output);
        await Eventually.TrueAsync(async () =>
            (await _cloud.KubectlAsync("logs", "-l", "job-name=once", "--tail=-1")).Output.Contains("task 2 of 3", StringComparison.Ordinal), "the tasks' output is there");

        await ApplyAsync($"""
            apiVersion: batch/v1
            kind: CronJob
            metadata: {"{"} name: nightly {"}"}
            spec:
              schedule: "0 3 * * *"
              jobTemplate:
                spec:
                  template:
                    spec:
                      restartPolicy: Never
                      containers:
                      - name: task
                        image: {image}
                        command: ["/bin/sh", "-c", "exit 0"]
            """);
        (await _cloud.KubectlAsync("create", "job", "by-hand", "--from=cronjob/nightly")).Succeeded();
        (await _cloud.KubectlAsync("wait", "job/by-hand", "--for=condition=Complete", "--timeout=60s")).Succeeded();
    }

    [Fact]
    public async Task A_job_that_fails_is_tried_as_often_as_it_says_and_then_failed()
    {
        NeedsKubectl();
        await ApplyAsync(Job("broken", await ImageAsync("brokenjob"), "[\"/bin/sh\", \"-c\", \"exit 3\"]", "backoffLimit: 0\n  "));
        (await _cloud.KubectlAsync("wait", "job/broken", "--for=condition=Failed", "--timeout=60s")).Succeeded();
        Assert.Contains("BackoffLimitExceeded", (await _cloud.KubectlAsync("get", "job", "broken", "-o", "yaml")).Succeeded().Output, StringComparison.Ordinal);
    }

    private static string Job(string name, string image, string command, string spec) => $"""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: {name}
        spec:
          {spec}template:
            spec:
              restartPolicy: Never
              containers:
              - name: task
                image: {image}
                command: {command}
        """;

    private static void NeedsKubectl() => Assert.SkipUnless(Command.Find("kubectl") is not null, "kubectl is not installed on this machine");

    private async Task ApplyAsync(string manifest, params string[] more) =>
        (await Command.RunAsync("kubectl", ["apply", "-f", "-", .. more], _cloud.Settings, input: manifest)).Succeeded();

    private async Task<string> ImageAsync(string name)
    {
        (await _cloud.DeployHelloAsync($"{name}-image")).Succeeded();
        return (string)(await _cloud.FindAsync("service", $"{name}-image"))!["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]!;
    }
}
