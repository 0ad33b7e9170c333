using System.Text.Json.Nodes;
using Slipway.Cli.Terminal;
using Slipway.Cli.Traffic;

namespace Slipway.Cli.Tests.Traffic;

public sealed class TrafficChangeTests
{
    private static readonly IReadOnlyList<JsonObject> s_latest = [Entry("""{"latestRevision":true,"percent":100}""")];

    [Fact]
    public void Nothing_asked_for_changes_nothing() => Assert.Null(TrafficChange.Apply(s_latest, [], false, [], []));

    [Fact]
    public void Shares_replace_the_split() =>
        Equal("""[{"revisionName":"a-00001","latestRevision":false,"percent":90},{"latestRevision":true,"percent":10}]""",
            TrafficChange.Apply(s_latest, ["a-00001=90", "latest=10"], false, [], []));

    [Fact]
    public void Shares_that_do_not_add_up_to_a_hundred_are_refused_with_their_sum()
    {
        var failure = Assert.Throws<CliFailure>(() => TrafficChange.Apply(s_latest, ["a-00001=90", "a-00002=20"], false, [], []));
        Assert.Contains("110", failure.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, failure.ExitCode);
    }

    [Theory]
    [InlineData("a-00001")]
    [InlineData("a-00001=")]
    [InlineData("=10")]
    [InlineData("a-00001=ten")]
    [InlineData("a-00001=101")]
    [InlineData("a-00001=-1")]
    public void A_share_that_is_not_a_revision_and_a_percent_is_refused(string share) =>
        Assert.Throws<CliFailure>(() => TrafficChange.Apply(s_latest, [share], false, [], []));

    [Fact]
    public void A_tag_survives_a_new_split_with_no_traffic_of_its_own() =>
        Equal("""[{"revisionName":"a-00001","latestRevision":false,"percent":0,"tag":"old"},{"latestRevision":true,"percent":100}]""",
            TrafficChange.Apply([Entry("""{"revisionName":"a-00001","latestRevision":false,"percent":40,"tag":"old"}""")], [], true, [], []));

    [Fact]
    public void A_tag_moves_from_one_revision_to_another() =>
        Equal("""[{"latestRevision":true,"percent":100},{"revisionName":"a-00002","latestRevision":false,"tag":"beta","percent":0}]""",
            TrafficChange.Apply([.. s_latest, Entry("""{"revisionName":"a-00001","latestRevision":false,"percent":0,"tag":"beta"}""")], [], false, ["beta=a-00002"], []));

    [Fact]
    public void Removing_a_tag_keeps_the_traffic_it_carried() =>
        Equal("""[{"revisionName":"a-00001","latestRevision":false,"percent":100}]""",
            TrafficChange.Apply([Entry("""{"revisionName":"a-00001","latestRevision":false,"percent":100,"tag":"old"}""")], [], false, [], ["old"]));

    [Fact]
    public void Removing_a_tag_that_is_not_there_is_refused() =>
        Assert.Throws<CliFailure>(() => TrafficChange.Apply(s_latest, [], false, [], ["beta"]));

    [Fact]
    public void To_latest_and_shares_exclude_each_other() =>
        Assert.Throws<CliFailure>(() => TrafficChange.Apply(s_latest, ["latest=100"], true, [], []));

    private static JsonObject Entry(string json) => JsonNode.Parse(json)!.AsObject();

    private static void Equal(string expected, IReadOnlyList<JsonObject>? actual) =>
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), new JsonArray([.. actual!.Select(entry => (JsonNode)entry)]).ToJsonString());
}
