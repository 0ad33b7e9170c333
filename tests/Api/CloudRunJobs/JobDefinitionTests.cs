using System.Net;
using System.Text.Json.Nodes;
using Slipway.Api.Tests.Hosting;

namespace Slipway.Api.Tests.CloudRunJobs;

public sealed class JobDefinitionTests
{
    [Fact]
    public async Task A_new_job_is_ready_and_has_what_was_left_open_filled_in()
    {
        await using var api = await JobPaths.WithJobAsync();
        var job = (await api.GetAsync($"{JobPaths.Jobs}/greet?alt=json")).Expect(HttpStatusCode.OK);
        Assert.Equal("Job", job.At("kind"));
        Assert.Equal("True", job.Condition("Ready"));
        Assert.Equal(job.At("metadata", "generation"), job.At("status", "observedGeneration"));
        Assert.Equal("local", job.At("metadata", "labels", "cloud.googleapis.com/location"));
        Assert.Equal(ApiHost.Somebody.User, job.At("metadata", "annotations", "run.googleapis.com/creator"));
        Assert.Equal("1", job.At("spec", "template", "spec", "taskCount"));
        Assert.Equal("3", job.At("spec", "template", "spec", "template", "spec", "maxRetries"));
        Assert.Equal("600", job.At("spec", "template", "spec", "template", "spec", "timeoutSeconds"));
        Assert.Equal("0", job.At("status", "executionCount"));
    }

    [Fact]
    public async Task Sending_a_job_back_as_it_was_read_changes_nothing()
    {
        await using var api = await JobPaths.WithJobAsync();
        var seen = await api.GetAsync($"{JobPaths.Jobs}/greet");
        var written = (await api.PutAsync($"{JobPaths.Jobs}/greet", seen.Text)).Expect(HttpStatusCode.OK);
        Assert.Equal(seen.At("metadata", "resourceVersion"), written.At("metadata", "resourceVersion"));
        Assert.Equal(seen.Text, written.Text);
    }

    [Fact]
    public async Task An_update_makes_a_new_generation_and_a_stale_one_is_a_conflict()
    {
        await using var api = await JobPaths.WithJobAsync();
        var seen = await api.GetAsync($"{JobPaths.Jobs}/greet");
        var next = seen.Json;
        next["spec"]!["template"]!["spec"]!["taskCount"] = 4;
        var written = (await api.PutAsync($"{JobPaths.Jobs}/greet", next.ToJsonString())).Expect(HttpStatusCode.OK);
        Assert.Equal("2", written.At("metadata", "generation"));
        Assert.Equal("2", written.At("status", "observedGeneration"));
        var refused = (await api.PutAsync($"{JobPaths.Jobs}/greet", next.ToJsonString())).Expect(HttpStatusCode.Conflict);
        Assert.Contains("jobs.run.googleapis.com \"greet\"", refused.At("message"), StringComparison.Ordinal);
        Assert.DoesNotContain("configmap", refused.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Client_labels_survive_and_an_operation_is_never_promised()
    {
        await using var api = await ApiHost.StartAsync();
        var metadata = ""","labels":{"team":"blue","cloud.googleapis.com/location":"mars"},"annotations":{"client.knative.dev/user-image":"x","run.googleapis.com/operation-id":"1"}""";
        var made = (await api.PostAsync(JobPaths.Jobs, JobPaths.Manifest("greet", metadata: metadata))).Expect(HttpStatusCode.OK);
        Assert.Equal("blue", made.At("metadata", "labels", "team"));
        Assert.Equal("local", made.At("metadata", "labels", "cloud.googleapis.com/location"));
        Assert.Equal("x", made.At("metadata", "annotations", "client.knative.dev/user-image"));
        Assert.Null(made.At("metadata", "annotations", "run.googleapis.com/operation-id"));
    }

    [Fact]
    public async Task Names_are_taken_once_and_unknown_ones_are_404()
    {
        await using var api = await JobPaths.WithJobAsync();
        (await api.PostAsync(JobPaths.Jobs, JobPaths.Manifest("greet"))).Expect(HttpStatusCode.Conflict);
        (await api.GetAsync($"{JobPaths.Jobs}/none")).Expect(HttpStatusCode.NotFound);
        (await api.PutAsync($"{JobPaths.Jobs}/none", JobPaths.Manifest("none"))).Expect(HttpStatusCode.NotFound);
        (await api.DeleteAsync($"{JobPaths.Jobs}/none")).Expect(HttpStatusCode.NotFound);
        (await api.PostAsync($"{JobPaths.Jobs}/none:run", "{}")).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Jobs_are_listed_by_label_in_pages_and_for_all_locations()
    {
        await using var api = await ApiHost.StartAsync();
        foreach (var name in new[] { "a", "b", "c" })
        {
            var metadata = name == "c" ? "" : ""","labels":{"team":"blue"}""";
            (await api.PostAsync(JobPaths.Jobs, JobPaths.Manifest(name, metadata: metadata))).Expect(HttpStatusCode.OK);
        }

        var first = (await api.GetAsync($"{JobPaths.Jobs}?limit=2")).Expect(HttpStatusCode.OK);
        Assert.Equal(["a", "b"], Names(first));
        var second = await api.GetAsync($"{JobPaths.Jobs}?limit=2&continue={first.At("metadata", "continue")}");
        Assert.Equal(["c"], Names(second));
        Assert.Null(second.At("metadata", "continue"));
        Assert.Equal(["a", "b"], Names(await api.GetAsync($"{JobPaths.Jobs}?labelSelector=team%20%3D%20blue")));
        Assert.Equal(3, Names(await api.GetAsync($"/v1/projects/{JobPaths.Project}/locations/-/jobs")).Count);
        Assert.Empty(Names(await api.GetAsync($"/v1/projects/{JobPaths.Project}/locations/mars/jobs")));
        (await api.GetAsync($"{JobPaths.Jobs}?continue=%21")).Expect(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_deleted_job_is_gone_at_once()
    {
        await using var api = await JobPaths.WithJobAsync();
        var deleted = (await api.DeleteAsync($"{JobPaths.Jobs}/greet")).Expect(HttpStatusCode.OK);
        Assert.Equal("Success", deleted.At("status"));
        Assert.Equal("greet", deleted.At("details", "name"));
        (await api.GetAsync($"{JobPaths.Jobs}/greet")).Expect(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("\"taskCount\":0,", "", "", "spec.template.spec.taskCount")]
    [InlineData("\"taskCount\":2,\"parallelism\":3,", "", "", "spec.template.spec.parallelism")]
    [InlineData("", "\"maxRetries\":11,", "", "spec.template.spec.template.spec.maxRetries")]
    [InlineData("", "\"timeoutSeconds\":\"soon\",", "", "spec.template.spec.template.spec.timeoutSeconds")]
    [InlineData("", "", ",\"env\":[{\"name\":\"\"}]", "spec.template.spec.template.spec.containers[0].env[0].name")]
    [InlineData("", "", ",\"command\":\"ls\"", "spec.template.spec.template.spec.containers[0].command")]
    [InlineData("", "", "},{\"image\":\"example.test/second:1\"", "spec.template.spec.template.spec.containers")]
    public async Task A_wrong_field_is_refused_by_its_name(string execution, string task, string container, string field)
    {
        await using var api = await ApiHost.StartAsync();
        var refused = (await api.PostAsync(JobPaths.Jobs, JobPaths.Manifest("greet", execution, task, container))).Expect(HttpStatusCode.BadRequest);
        Assert.Contains(field, refused.At("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_without_image_or_name_or_from_another_place_is_refused()
    {
        await using var api = await ApiHost.StartAsync();
        var bare = """{"metadata":{"name":"greet"},"spec":{"template":{"spec":{"template":{"spec":{"containers":[{}]}}}}}}""";
        Assert.Contains("containers[0].image", (await api.PostAsync(JobPaths.Jobs, bare)).Expect(HttpStatusCode.BadRequest).At("message"), StringComparison.Ordinal);
        Assert.Contains("containers", (await api.PostAsync(JobPaths.Jobs, """{"metadata":{"name":"greet"}}""")).Expect(HttpStatusCode.BadRequest).At("message"), StringComparison.Ordinal);
        Assert.Contains("metadata.name", (await api.PostAsync(JobPaths.Jobs, "{}")).Expect(HttpStatusCode.BadRequest).At("message"), StringComparison.Ordinal);
        Assert.Contains("metadata.name", (await api.PostAsync(JobPaths.Jobs, JobPaths.Manifest("9-Lives"))).Expect(HttpStatusCode.BadRequest).At("message"), StringComparison.Ordinal);
        (await api.PostAsync(JobPaths.Jobs, JobPaths.Manifest("greet", metadata: ",\"namespace\":\"other\""))).Expect(HttpStatusCode.BadRequest);
        var labelled = """{"metadata":{"name":"greet"},"spec":{"template":{"metadata":{"labels":{"a":"not a label"}},"spec":{"template":{"spec":{"containers":[{"image":"a"}]}}}}}}""";
        Assert.Contains("spec.template.metadata.labels", (await api.PostAsync(JobPaths.Jobs, labelled)).Expect(HttpStatusCode.BadRequest).At("message"), StringComparison.Ordinal);
        (await api.PostAsync(JobPaths.Jobs, JobPaths.Manifest("greet", metadata: ",\"labels\":{\"a\":5}"))).Expect(HttpStatusCode.BadRequest);
        (await api.PostAsync(JobPaths.Jobs, "not json")).Expect(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_config_map_that_only_looks_like_a_job_is_none()
    {
        await using var api = await JobPaths.WithJobAsync();
        var maps = $"/api/v1/namespaces/{JobPaths.Project}/configmaps";
        var broken = """{"metadata":{"name":"cloud-run-job.broken","labels":{"slipway.dev/definition-of":"cloud-run-job"}},"data":{"spec":"{"}}""";
        (await api.PostAsync(maps, broken)).Expect(HttpStatusCode.Created);
        (await api.PostAsync(maps, """{"metadata":{"name":"cloud-run-job.other"}}""")).Expect(HttpStatusCode.Created);
        Assert.Equal(["greet"], Names(await api.GetAsync(JobPaths.Jobs)));
        (await api.GetAsync($"{JobPaths.Jobs}/broken")).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Only_those_who_may_write_create_and_run_jobs()
    {
        await using var api = await ApiHost.StartAsync(settings => settings.Access = new()
        {
            Anonymous = new("guest", []),
            Grants = [new("guest", false, Access.Role.Viewer, null)],
        });
        (await api.GetAsync(JobPaths.Jobs)).Expect(HttpStatusCode.OK);
        (await api.PostAsync(JobPaths.Jobs, JobPaths.Manifest("greet"))).Expect(HttpStatusCode.Forbidden);
        (await api.PostAsync($"{JobPaths.Jobs}/greet:run", "{}")).Expect(HttpStatusCode.Forbidden);
        (await api.PostAsync($"{JobPaths.Executions}/x:cancel", "{}")).Expect(HttpStatusCode.Forbidden);
    }

    private static List<string> Names(Answer list) =>
        [.. list.Json["items"]!.AsArray().Select(item => (string)item!["metadata"]!["name"]!)];
}
