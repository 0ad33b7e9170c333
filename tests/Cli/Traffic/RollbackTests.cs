using System.Text.Json.Nodes;
using Slipway.Cli.Traffic;

namespace Slipway.Cli.Tests.Traffic;

public sealed class RollbackTests
{
    [Fact]
    public void Goes_back_to_the_ready_revision_before_the_one_that_serves() =>
        Assert.Equal("a-00002", Previous(serving: "a-00003", ("a-00003", "True"), ("a-00002", "True"), ("a-00001", "True")));

    [Fact]
    public void Skips_a_revision_that_never_became_ready() =>
        Assert.Equal("a-00001", Previous(serving: "a-00003", ("a-00003", "True"), ("a-00002", "False"), ("a-00001", "True")));

    [Fact]
    public void A_broken_newer_revision_without_traffic_does_not_count_as_the_serving_one() =>
        Assert.Equal("a-00001", Previous(serving: "a-00002", ("a-00003", "False"), ("a-00002", "True"), ("a-00001", "True")));

    [Fact]
    public void There_is_nothing_before_the_first_revision() => Assert.Null(Previous(serving: "a-00001", ("a-00001", "True")));

    [Fact]
    public void A_canary_is_taken_back_to_the_revision_it_was_compared_with()
    {
        var service = JsonNode.Parse("""{"status":{"traffic":[{"revisionName":"a-00001","percent":90},{"revisionName":"a-00002","percent":10}]}}""")!.AsObject();
        Assert.Equal("a-00001", Previous(service, ("a-00002", "True"), ("a-00001", "True")));
    }

    private static string? Previous(string serving, params (string Name, string Ready)[] newestFirst)
    {
        var service = JsonNode.Parse($$$"""{"status":{"traffic":[{"revisionName":"{{{serving}}}","percent":100}]}}""")!.AsObject();
        return Previous(service, newestFirst);
    }

    private static string? Previous(JsonObject service, params (string Name, string Ready)[] newestFirst)
    {
        var revisions = newestFirst.Select(revision => JsonNode.Parse(
            $$$"""{"metadata":{"name":"{{{revision.Name}}}"},"status":{"conditions":[{"type":"Ready","status":"{{{revision.Ready}}}"}]}}""")!.AsObject()).ToList();
        return (string?)RollbackCommand.Previous(service, revisions)?["metadata"]?["name"];
    }
}
