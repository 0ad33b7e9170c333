using System.Text;
using Slipway.Eventing.Platform;
using Slipway.Eventing.Tests.Hosting;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Eventing.Tests.Platform;

public sealed class PlatformNewsTests
{
    private const string Starting = """{"status":{"phase":"Running","startTime":"2030-01-01T00:00:00Z","conditions":[{"type":"Ready","status":"False","lastTransitionTime":"2030-01-01T00:00:00Z"}]}}""";
    private const string Healthy = """{"status":{"phase":"Running","startTime":"2030-01-01T00:00:00Z","conditions":[{"type":"Ready","status":"True","lastTransitionTime":"2030-01-01T00:00:02Z"}]}}""";
    private const string Unhealthy = """{"status":{"phase":"Running","startTime":"2030-01-01T00:00:00Z","conditions":[{"type":"Ready","status":"False","lastTransitionTime":"2030-01-01T00:00:09Z"}]}}""";
    private const string Ended = """{"status":{"phase":"Succeeded"}}""";

    [Theory]
    [InlineData(null, Starting, null)]
    [InlineData(Starting, Healthy, "container.started")]
    [InlineData(null, Healthy, "container.started")]
    [InlineData(Healthy, Unhealthy, "container.unhealthy")]
    [InlineData(Unhealthy, Healthy, "container.healthy")]
    [InlineData(Healthy, Ended, "container.stopped")]
    [InlineData(Healthy, Healthy, null)]
    [InlineData(Ended, Ended, null)]
    public void What_happens_to_a_container_is_told(string? before, string now, string? expected)
    {
        var change = new Change(before is null ? ChangeType.Added : ChangeType.Modified, Made(Kinds.Pod, now), before is null ? null : Made(Kinds.Pod, before));

        Assert.Equal(expected is null ? null : $"slipway.platform.{expected}.v1", PlatformNews.Of(change)?.Type);
    }

    [Fact]
    public void A_container_that_is_gone_has_stopped_and_its_service_is_named()
    {
        var told = PlatformNews.Of(new Change(ChangeType.Deleted, Made(Kinds.Pod, Healthy), Made(Kinds.Pod, Healthy)))!;

        Assert.Equal("slipway.platform.container.stopped.v1", told.Type);
        Assert.Equal("uid-7", told.Id);
        Assert.Contains("\"service\":\"shop\"", told.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Scaling_and_the_health_of_a_service_are_told()
    {
        var scaled = PlatformNews.Of(new Change(ChangeType.Modified, Made(Kinds.Revision, """{"status":{"actualReplicas":3}}"""), Made(Kinds.Revision, """{"status":{"actualReplicas":1}}""")))!;
        var health = PlatformNews.Of(new Change(
            ChangeType.Modified,
            Made(Kinds.Service, """{"status":{"url":"http://shop","conditions":[{"type":"Ready","status":"False","reason":"RevisionFailed"}]}}"""),
            Made(Kinds.Service, """{"status":{"conditions":[{"type":"Ready","status":"True"}]}}""")))!;

        Assert.Contains("\"from\":1,\"to\":3", scaled.Text(), StringComparison.Ordinal);
        Assert.Equal("slipway.platform.service.health_changed.v1", health.Type);
        Assert.Contains("\"ready\":\"False\",\"reason\":\"RevisionFailed\"", health.Text(), StringComparison.Ordinal);
        Assert.Null(PlatformNews.Of(new Change(ChangeType.Added, Made(Kinds.Secret, "{}"), null)));
    }

    private static Resource Made(ResourceKind kind, string body) => new(
        kind,
        new ObjectMeta { Name = "thing", Namespace = "default", Uid = "uid", ResourceVersion = "7", Labels = new() { ["serving.knative.dev/service"] = "shop" } },
        Encoding.UTF8.GetBytes(body));
}
