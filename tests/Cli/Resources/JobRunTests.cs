using System.Text.Json.Nodes;
using Slipway.Cli.Resources;
using Slipway.Model.Resources;

namespace Slipway.Cli.Tests.Resources;

public sealed class JobRunTests
{
    [Fact]
    public void A_job_is_a_step_only_when_its_annotation_says_so()
    {
        Assert.True(JobRun.IsStep(Kinds.Job, Job("v1")));
        Assert.False(JobRun.IsStep(Kinds.CronJob, Job("v1")));
        var plain = Job("v1");
        plain["metadata"]!.AsObject().Remove("annotations");
        Assert.False(JobRun.IsStep(Kinds.Job, plain));
    }

    [Fact]
    public void A_job_that_ran_the_same_thing_holds_whatever_the_api_has_added()
    {
        var existing = Job("v1", "Complete");
        existing["spec"]!["backoffLimit"] = 6;
        existing["spec"]!["template"]!["spec"]!["containers"]![0]!["resources"] = new JsonObject();

        Assert.True(JobRun.StillHolds(existing, Job("v1")));
    }

    [Theory]
    [InlineData("image", "v2")]
    [InlineData("args", null)]
    [InlineData("env", null)]
    public void A_change_in_what_it_runs_makes_it_run_again(string field, string? value)
    {
        var next = Job("v1");
        next["spec"]!["template"]!["spec"]!["containers"]![0]![field] = value is null ? new JsonArray("other") : value;

        Assert.False(JobRun.StillHolds(Job("v1", "Complete"), next));
    }

    [Fact]
    public void A_job_that_failed_runs_again() => Assert.False(JobRun.StillHolds(Job("v1", "Failed"), Job("v1")));

    private static JsonObject Job(string image, string? condition = null)
    {
        var job = JsonNode.Parse("""
            {"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"migrate","annotations":{"slipway.dev/run":"onChange"}},
             "spec":{"template":{"spec":{"containers":[{"name":"main","image":"IMAGE","args":["migrate"],"env":[{"name":"A","value":"1"}]}]}}}}
            """.Replace("IMAGE", image, StringComparison.Ordinal))!.AsObject();
        if (condition is not null)
        {
            job["status"] = new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = condition, ["status"] = "True" }) };
        }

        return job;
    }
}
