using System.Net;
using Slipway.Api.CloudRunJobs;
using Slipway.Api.Tests.Hosting;
using Slipway.Store.Journal;

namespace Slipway.Api.Tests.CloudRunJobs;

public sealed class JobRestartTests
{
    [Fact]
    public async Task Everything_is_there_again_after_a_restart()
    {
        var journal = new InMemoryJournal();
        await using var api = await ApiHost.StartAsync(settings => settings.Journal = journal);
        (await api.PostAsync(JobPaths.Jobs, JobPaths.Manifest("greet", "\"taskCount\":2,"))).Expect(HttpStatusCode.OK);
        var name = (await api.RunAsync("""{"overrides":{"taskCount":3}}""")).Name();
        (await api.PostAsync($"{JobPaths.Executions}/{name}:cancel", "{}")).Expect(HttpStatusCode.OK);
        string[] paths = [$"{JobPaths.Jobs}/greet", $"{JobPaths.Executions}/{name}", $"{JobPaths.Tasks}/{name}-task2", JobPaths.Jobs, JobPaths.Executions, JobPaths.Tasks];
        var before = new List<string>();
        foreach (var path in paths)
        {
            before.Add((await api.GetAsync(path)).Expect(HttpStatusCode.OK).Text);
        }

        await using var next = await ApiHost.StartAsync(settings => settings.Journal = journal);
        var after = new List<string>();
        foreach (var path in paths)
        {
            after.Add((await next.GetAsync(path)).Expect(HttpStatusCode.OK).Text);
        }

        Assert.Equal(before, after);
    }

    [Theory]
    [InlineData(1, 1, 0, 600, 600)]
    [InlineData(1, 1, 3, 600, 2470)]
    [InlineData(5, 2, 0, 10, 30)]
    [InlineData(10_000, 1, 10, 604_800, int.MaxValue)]
    public void An_execution_may_last_as_long_as_all_its_tries_together(long count, long atOnce, long retries, long timeout, long expected) =>
        Assert.Equal(expected, BatchJobs.Deadline(count, atOnce, retries, timeout));

    [Theory]
    [InlineData("greet-abc-task0", "greet-abc", 0)]
    [InlineData("a-task1-task22", "a-task1", 22)]
    public void The_name_of_a_task_tells_its_execution(string name, string execution, int index) =>
        Assert.Equal((execution, index), TaskView.Parse(name));

    [Theory]
    [InlineData("task1")]
    [InlineData("x-task")]
    [InlineData("x-task-1")]
    [InlineData("x-task007")]
    [InlineData("x-task99999999999")]
    public void Other_names_are_no_tasks(string name) => Assert.Null(TaskView.Parse(name));
}
