using System.Text.Json.Nodes;
using Slipway.Cli.Deploy;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Tests.Deploy;

public sealed class ServiceDraftTests
{
    private const string Image = "localhost:5000/web@sha256:0000000000000000000000000000000000000000000000000000000000000000";

    private static readonly DeployRequest s_plain = new() { Image = Image };

    [Fact]
    public void A_new_service_says_no_more_than_it_was_asked_to() =>
        Equal("""{"apiVersion":"serving.knative.dev/v1","kind":"Service","metadata":{"name":"web","namespace":"default"},"spec":{"template":{"spec":{"containers":[{"image":"IMAGE"}]}}}}""".Replace("IMAGE", Image, StringComparison.Ordinal),
            ServiceDraft.Make("web", "default", s_plain, null));

    [Fact]
    public void Everything_a_request_can_say_lands_where_the_format_wants_it()
    {
        var draft = ServiceDraft.Make("web", "default", s_plain with
        {
            Command = ["./web", "--fast"], Environment = ["A=1", "B=x=y"], Concurrency = 10, TimeoutSeconds = 20, Port = 9000, Http2 = true,
            Cpu = "500m", Memory = "256Mi", Min = 1, Max = 3,
        }, null);
        Equal("""{"metadata":{"annotations":{"autoscaling.knative.dev/min-scale":"1","autoscaling.knative.dev/max-scale":"3"}},"spec":{"containers":[{"image":"IMAGE","command":["./web","--fast"],"env":[{"name":"A","value":"1"},{"name":"B","value":"x=y"}],"ports":[{"containerPort":9000,"name":"h2c"}],"resources":{"limits":{"cpu":"500m","memory":"256Mi"}}}],"containerConcurrency":10,"timeoutSeconds":20}}"""
            .Replace("IMAGE", Image, StringComparison.Ordinal), draft["spec"]!["template"]!.AsObject());
    }

    [Fact]
    public void A_second_deployment_keeps_what_it_does_not_mention()
    {
        var draft = ServiceDraft.Make("web", "default", s_plain with { Environment = ["B=2"], RemovedEnvironment = ["C"] }, Current());
        var container = draft["spec"]!["template"]!["spec"]!["containers"]![0]!;
        Assert.Equal("""[{"name":"A","value":"1"},{"name":"B","value":"2"}]""", container["env"]!.ToJsonString());
        Assert.Equal(Image, (string?)container["image"]);
        Assert.Equal("7", (string?)draft["metadata"]!["resourceVersion"]);
        Assert.Null(draft["status"]);
        Assert.Null(draft["spec"]!["template"]!["metadata"]!["name"]);
    }

    [Fact]
    public void Without_traffic_pins_what_followed_the_latest_revision()
    {
        var draft = ServiceDraft.Make("web", "default", s_plain with { NoTraffic = true, Tag = "beta" }, Current());
        Assert.Equal(
            """[{"latestRevision":false,"percent":100,"revisionName":"web-00001"},{"latestRevision":true,"percent":0,"tag":"beta"}]""",
            draft["spec"]!["traffic"]!.ToJsonString());
    }

    [Fact]
    public void Without_traffic_needs_a_service_that_serves() =>
        Assert.Throws<CliFailure>(() => ServiceDraft.Make("web", "default", s_plain with { NoTraffic = true }, null));

    [Fact]
    public void A_variable_without_a_value_is_refused() =>
        Assert.Throws<CliFailure>(() => ServiceDraft.Make("web", "default", s_plain with { Environment = ["JUST_A_NAME"] }, null));

    private static JsonObject Current() => JsonNode.Parse("""
        {"metadata":{"name":"web","namespace":"default","resourceVersion":"7"},
         "spec":{"template":{"metadata":{"name":"web-mine"},"spec":{"containers":[{"image":"old","env":[{"name":"A","value":"1"},{"name":"B","value":"1"},{"name":"C","value":"1"}]}]}},
                 "traffic":[{"latestRevision":true,"percent":100}]},
         "status":{"latestReadyRevisionName":"web-00001"}}
        """)!.AsObject();

    private static void Equal(string expected, JsonObject actual) => Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), actual.ToJsonString());
}
