using System.Net;
using Slipway.Api.Tests.Hosting;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Api.Tests.CloudRunJobs;

public sealed class ExecutionTests
{
    private const string Complete = """{"startTime":"2026-01-01T00:00:00Z","completionTime":"2026-01-01T00:00:09Z","succeeded":2,"completedIndexes":"0-1","conditions":[{"type":"Complete","status":"True","lastTransitionTime":"2026-01-01T00:00:09Z"}]}""";
    private const string Failed = """{"startTime":"2026-01-01T00:00:00Z","failed":2,"conditions":[{"type":"Failed","status":"True","reason":"BackoffLimitExceeded","message":"2 tries failed","lastTransitionTime":"2026-01-01T00:00:09Z"}]}""";
    private const string Suspended = """{"startTime":null,"succeeded":1,"completedIndexes":"0","conditions":[{"type":"Suspended","status":"True","lastTransitionTime":"2026-01-01T00:00:09Z"}]}""";

    [Fact]
    public async Task A_run_makes_a_batch_job_that_its_job_owns()
    {
        await using var api = await JobPaths.WithJobAsync("\"taskCount\":4,\"parallelism\":2,", "\"maxRetries\":1,\"timeoutSeconds\":\"30\",\"serviceAccountName\":\"worker\",");
        var run = await api.RunAsync();
        Assert.Equal("Execution", run.At("kind"));
        Assert.StartsWith("greet-", run.Name(), StringComparison.Ordinal);
        Assert.Equal("local", run.At("metadata", "labels", "cloud.googleapis.com/location"));
        Assert.Equal("greet", run.At("metadata", "labels", "run.googleapis.com/job"));
        Assert.Equal("4", run.At("spec", "taskCount"));
        Assert.Equal(run.At("metadata", "generation"), run.At("status", "observedGeneration"));
        foreach (var type in new[] { "Completed", "ResourcesAvailable", "Started" })
        {
            Assert.StartsWith("Unknown", run.Condition(type), StringComparison.Ordinal);
        }

        var spec = JobPaths.SpecOf(api, run.Name());
        Assert.Equal(4, (int)spec["completions"]!);
        Assert.Equal(2, (int)spec["parallelism"]!);
        Assert.Equal(4, (int)spec["backoffLimit"]!);
        Assert.Equal("Never", (string)spec["template"]!["spec"]!["restartPolicy"]!);
        Assert.Equal("worker", (string)spec["template"]!["spec"]!["serviceAccountName"]!);
        Assert.Null(spec["template"]!["spec"]!["maxRetries"]);
        var owner = api.Store.Get(JobPaths.Batch(run.Name()))!.Metadata.ControllerOwner()!;
        Assert.Equal((await api.GetAsync($"{JobPaths.Jobs}/greet")).At("metadata", "uid"), owner.Uid);
        Assert.NotNull(api.Store.FindByUid(owner.Uid));
    }

    [Fact]
    public async Task An_execution_starts_runs_and_completes()
    {
        await using var api = await JobPaths.WithJobAsync("\"taskCount\":2,");
        var name = (await api.RunAsync()).Name();
        await api.TryAsync(name, 0, 0, "Pending");
        Assert.Equal("Unknown Pending", (await ShownAsync(api, name)).Condition("Started"));

        await api.TryAsync(name, 0, 0, "Running");
        await api.SetStatusAsync(JobPaths.Batch(name), """{"active":2,"startTime":"2026-01-01T00:00:00Z"}""");
        var running = await ShownAsync(api, name);
        Assert.Equal("True", running.Condition("Started"));
        Assert.Equal("True", running.Condition("ResourcesAvailable"));
        Assert.Equal("Unknown", running.Condition("Completed"));
        Assert.Equal("1", running.At("status", "runningCount"));
        Assert.Equal("EXECUTION_RUNNING", (await LatestAsync(api, "completionStatus")));

        await api.SetStatusAsync(JobPaths.Batch(name), Complete);
        var done = await ShownAsync(api, name);
        Assert.Equal("True", done.Condition("Completed"));
        Assert.Equal("2", done.At("status", "succeededCount"));
        Assert.Null(done.At("status", "runningCount"));
        Assert.Equal("2026-01-01T00:00:00Z", done.At("status", "startTime"));
        Assert.Equal("2026-01-01T00:00:09Z", done.At("status", "completionTime"));
        Assert.Equal("EXECUTION_SUCCEEDED", await LatestAsync(api, "completionStatus"));
        Assert.Equal("2026-01-01T00:00:09Z", await LatestAsync(api, "completionTimestamp"));
        Assert.Equal(name, await LatestAsync(api, "name"));
    }

    [Fact]
    public async Task Failed_tries_show_a_retry_and_in_the_end_the_exit_code()
    {
        await using var api = await JobPaths.WithJobAsync("\"taskCount\":2,");
        var name = (await api.RunAsync()).Name();
        await api.TryAsync(name, 1, 0, "Failed", 3);
        await api.SetStatusAsync(JobPaths.Batch(name), """{"failed":1,"startTime":"2026-01-01T00:00:00Z"}""");
        Assert.Equal("True WaitingForRetry", (await ShownAsync(api, name)).Condition("Retry"));

        await api.TryAsync(name, 1, 1, "Failed", 4);
        await api.SetStatusAsync(JobPaths.Batch(name), Failed);
        var failed = await ShownAsync(api, name);
        Assert.Equal("False NonZeroExitCode", failed.Condition("Completed"));
        Assert.Contains($"{name}-task1", failed.Text, StringComparison.Ordinal);
        Assert.Equal("1", failed.At("status", "failedCount"));
        Assert.Equal("1", failed.At("status", "retriedCount"));
        Assert.Equal("EXECUTION_FAILED", await LatestAsync(api, "completionStatus"));

        var task = (await api.GetAsync($"{JobPaths.Tasks}/{name}-task1")).Expect(HttpStatusCode.OK);
        Assert.Equal("Failed", task.At("metadata", "labels", "run.googleapis.com/runningState"));
        Assert.Equal("4", task.At("status", "lastAttemptResult", "exitCode"));
        Assert.Equal("1", task.At("status", "retried"));
        Assert.Equal("False NonZeroExitCode", task.Condition("Completed"));
        Assert.Equal("Abandoned", (await api.GetAsync($"{JobPaths.Tasks}/{name}-task0")).At("metadata", "labels", "run.googleapis.com/runningState"));
    }

    [Fact]
    public async Task A_cancelled_execution_is_suspended_and_ends_when_its_tasks_have_been_told()
    {
        await using var api = await JobPaths.WithJobAsync("\"taskCount\":3,");
        var name = (await api.RunAsync()).Name();
        var asked = (await api.PostAsync($"{JobPaths.Executions}/{name}:cancel?alt=json", "{}")).Expect(HttpStatusCode.OK);
        Assert.Equal("Unknown Cancelling", asked.Condition("Completed"));
        Assert.True((bool)JobPaths.SpecOf(api, name)["suspend"]!);

        await api.SetStatusAsync(JobPaths.Batch(name), Suspended);
        var cancelled = await ShownAsync(api, name);
        Assert.Equal("False Cancelled", cancelled.Condition("Completed"));
        Assert.Equal("2", cancelled.At("status", "cancelledCount"));
        Assert.Equal("1", cancelled.At("status", "succeededCount"));
        Assert.Equal("EXECUTION_CANCELLED", await LatestAsync(api, "completionStatus"));
        (await api.PostAsync($"{JobPaths.Executions}/{name}:cancel", "{}")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_has_ended_cannot_be_cancelled_and_what_is_unknown_neither()
    {
        await using var api = await JobPaths.WithJobAsync();
        var name = (await api.RunAsync()).Name();
        await api.SetStatusAsync(JobPaths.Batch(name), Complete);
        (await api.PostAsync($"{JobPaths.Executions}/{name}:cancel", "{}")).Expect(HttpStatusCode.BadRequest);
        (await api.PostAsync($"{JobPaths.Executions}/none:cancel", "{}")).Expect(HttpStatusCode.NotFound);
        Assert.Null(api.Store.Get(JobPaths.Batch(name))!.Metadata.Annotation("slipway.dev/cancelled-by"));
    }

    [Fact]
    public async Task A_run_may_override_tasks_timeout_arguments_and_variables()
    {
        await using var api = await JobPaths.WithJobAsync(
            "\"taskCount\":4,\"parallelism\":4,", "\"maxRetries\":0,", ",\"args\":[\"a\"],\"env\":[{\"name\":\"KEPT\",\"value\":\"1\"},{\"name\":\"CHANGED\",\"value\":\"1\"}]");
        var run = await api.RunAsync("""{"overrides":{"taskCount":2,"timeoutSeconds":7,"containerOverrides":[{"args":["b","c"],"env":[{"name":"CHANGED","value":"2"},{"name":"NEW","value":"3"}]}]}}""");
        var spec = JobPaths.SpecOf(api, run.Name());
        Assert.Equal(2, (int)spec["completions"]!);
        Assert.Equal(2, (int)spec["parallelism"]!);
        Assert.Equal(7, (int)spec["activeDeadlineSeconds"]!);
        var container = spec["template"]!["spec"]!["containers"]![0]!;
        Assert.Equal("""["b","c"]""", container["args"]!.ToJsonString());
        Assert.Equal(["KEPT=1", "CHANGED=2", "NEW=3"], container["env"]!.AsArray().Select(one => $"{one!["name"]}={one["value"]}"));

        var cleared = await api.RunAsync("""{"overrides":{"containerOverrides":[{"clearArgs":true}]}}""");
        Assert.Null(JobPaths.SpecOf(api, cleared.Name())["template"]!["spec"]!["containers"]![0]!["args"]);
        var job = await api.GetAsync($"{JobPaths.Jobs}/greet");
        Assert.Equal("4", job.At("spec", "template", "spec", "taskCount"));
        Assert.Equal("1", job.At("metadata", "generation"));
        Assert.Equal("2", job.At("status", "executionCount"));
    }

    [Theory]
    [InlineData("""{"overrides":[]}""", "overrides")]
    [InlineData("""{"overrides":{"taskCount":0}}""", "taskCount")]
    [InlineData("""{"overrides":{"timeoutSeconds":"soon"}}""", "timeoutSeconds")]
    [InlineData("""{"overrides":{"containerOverrides":[{"name":"other"}]}}""", "other")]
    [InlineData("""{"overrides":{"containerOverrides":[{"env":[{"value":"1"}]}]}}""", "env")]
    [InlineData("""{"overrides":{"containerOverrides":{}}}""", "containerOverrides")]
    public async Task A_wrong_override_is_refused_and_runs_nothing(string body, string field)
    {
        await using var api = await JobPaths.WithJobAsync();
        var refused = (await api.PostAsync($"{JobPaths.Jobs}/greet:run", body)).Expect(HttpStatusCode.BadRequest);
        Assert.Contains(field, refused.At("message"), StringComparison.Ordinal);
        Assert.Empty(api.Store.List(Kinds.Job).Items);
    }

    [Fact]
    public async Task Executions_and_tasks_are_listed_by_label_and_in_pages()
    {
        await using var api = await JobPaths.WithJobAsync("\"taskCount\":12,");
        (await api.PostAsync(JobPaths.Jobs, JobPaths.Manifest("other"))).Expect(HttpStatusCode.OK);
        var name = (await api.RunAsync()).Name();
        (await api.PostAsync($"{JobPaths.Jobs}/other:run", "")).Expect(HttpStatusCode.OK);
        (await api.PostAsync($"/apis/batch/v1/namespaces/{JobPaths.Project}/jobs", Manifests.Job("stranger"))).Expect(HttpStatusCode.Created);
        Assert.Equal(2, Items(await api.GetAsync(JobPaths.Executions)).Count);
        Assert.Equal([name], Items(await api.GetAsync($"{JobPaths.Executions}?labelSelector=run.googleapis.com%2Fjob%20%3D%20greet&limit=100")));
        (await api.GetAsync($"{JobPaths.Executions}/stranger")).Expect(HttpStatusCode.NotFound);

        await api.TryAsync(name, 10, 0, "Running");
        var ofOne = $"{JobPaths.Tasks}?labelSelector=run.googleapis.com%2Fexecution%20%3D%20{name}";
        var first = await api.GetAsync($"{ofOne}&limit=10");
        Assert.Equal(Enumerable.Range(0, 10).Select(index => $"{name}-task{index}"), Items(first));
        Assert.Equal([$"{name}-task10", $"{name}-task11"], Items(await api.GetAsync($"{ofOne}&limit=10&continue={first.At("metadata", "continue")}")));
        Assert.Equal([$"{name}-task10"], Items(await api.GetAsync($"{ofOne},run.googleapis.com%2FrunningState%20in%20%28Running%29")));
        Assert.Equal(13, Items(await api.GetAsync(JobPaths.Tasks)).Count);
        (await api.GetAsync($"{JobPaths.Tasks}/{name}-task12")).Expect(HttpStatusCode.NotFound);
        (await api.GetAsync($"{JobPaths.Tasks}/{name}-task01")).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_deleted_execution_is_gone_and_no_batch_job_of_somebody_else_can_be_deleted_as_one()
    {
        await using var api = await JobPaths.WithJobAsync();
        var name = (await api.RunAsync()).Name();
        (await api.PostAsync($"/apis/batch/v1/namespaces/{JobPaths.Project}/jobs", Manifests.Job("stranger"))).Expect(HttpStatusCode.Created);
        (await api.DeleteAsync($"{JobPaths.Executions}/{name}")).Expect(HttpStatusCode.OK);
        (await api.GetAsync($"{JobPaths.Executions}/{name}")).Expect(HttpStatusCode.NotFound);
        (await api.DeleteAsync($"{JobPaths.Executions}/stranger")).Expect(HttpStatusCode.NotFound);
        Assert.Equal("0", (await api.GetAsync($"{JobPaths.Jobs}/greet")).At("status", "executionCount"));
    }

    [Fact]
    public async Task What_keeps_the_first_task_from_starting_is_told()
    {
        await using var api = await JobPaths.WithJobAsync();
        var name = (await api.RunAsync()).Name();
        var uid = api.Store.Get(JobPaths.Batch(name))!.Uid;
        await api.StoreAsync(new Resource(
            Kinds.Event,
            new ObjectMeta { Name = "told", Namespace = JobPaths.Project },
            System.Text.Encoding.UTF8.GetBytes($$$"""{"involvedObject":{"uid":"{{{uid}}}"},"type":"Warning","reason":"FailedCreate","message":"no such image"}""")));
        Assert.Contains("no such image", (await ShownAsync(api, name)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_unfinished_execution_too_many_is_refused()
    {
        await using var api = await JobPaths.WithJobAsync();
        var last = "";
        for (var run = 0; run < Api.CloudRunJobs.Executions.UnfinishedMax; run++)
        {
            last = (await api.RunAsync()).Name();
        }

        (await api.PostAsync($"{JobPaths.Jobs}/greet:run", "{}")).Expect(HttpStatusCode.TooManyRequests);
        await api.SetStatusAsync(JobPaths.Batch(last), Complete);
        await api.RunAsync();
    }

    [Fact]
    public async Task The_oldest_finished_executions_make_room_for_new_ones()
    {
        await using var api = await JobPaths.WithJobAsync();
        var first = (await api.RunAsync()).Name();
        await api.SetStatusAsync(JobPaths.Batch(first), Complete);
        var model = api.Store.Get(JobPaths.Batch(first))!;
        for (var copy = 1; copy < Api.CloudRunJobs.Executions.KeptMax; copy++)
        {
            await api.StoreAsync(model.With(model.Metadata with { Name = $"greet-copy-{copy}", Uid = null, ResourceVersion = null }));
        }

        var latest = (await api.RunAsync()).Name();
        Assert.Equal(Api.CloudRunJobs.Executions.KeptMax, api.Store.List(Kinds.Job).Items.Count);
        Assert.Null(api.Store.Get(JobPaths.Batch(first)));
        Assert.NotNull(api.Store.Get(JobPaths.Batch(latest)));
        Assert.Equal(latest, await LatestAsync(api, "name"));
    }

    private static async Task<Answer> ShownAsync(ApiHost api, string name) =>
        (await api.GetAsync($"{JobPaths.Executions}/{name}?alt=json")).Expect(HttpStatusCode.OK);

    private static async Task<string?> LatestAsync(ApiHost api, string field) =>
        (await api.GetAsync($"{JobPaths.Jobs}/greet")).At("status", "latestCreatedExecution", field);

    private static List<string> Items(Answer list) =>
        [.. list.Expect(HttpStatusCode.OK).Json["items"]!.AsArray().Select(item => (string)item!["metadata"]!["name"]!)];
}
