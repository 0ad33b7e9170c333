using System.Text.Json.Nodes;
using Slipway.Cli.Connection;
using Slipway.Cli.Terminal;
using Slipway.Model.Resources;

namespace Slipway.Cli.Tests.Connection;

public sealed class ResourcePathsTests
{
    [Theory]
    [InlineData("service", "services.serving.knative.dev")]
    [InlineData("Services", "services.serving.knative.dev")]
    [InlineData("ksvc", "services.serving.knative.dev")]
    [InlineData("svc", "services")]
    [InlineData("rev", "revisions.serving.knative.dev")]
    [InlineData("cronjob", "cronjobs.batch")]
    [InlineData("po", "pods")]
    public void What_people_type_names_a_kind(string word, string qualified) => Assert.Equal(qualified, ResourcePaths.KindOf(word).Qualified);

    [Fact]
    public void An_unknown_kind_is_refused_with_the_known_ones() =>
        Assert.Contains("revision", Assert.Throws<CliFailure>(() => ResourcePaths.KindOf("deployment")).Message, StringComparison.Ordinal);

    [Fact]
    public void Paths_follow_group_scope_and_name()
    {
        Assert.Equal("/apis/serving.knative.dev/v1/namespaces/shop/services/web", ResourcePaths.Item(Kinds.Service, "shop", "web"));
        Assert.Equal("/api/v1/namespaces/shop", ResourcePaths.Item(Kinds.Namespace, "", "shop"));
        Assert.Equal("/api/v1/pods", ResourcePaths.Collection(Kinds.Pod, null));
    }

    [Theory]
    [InlineData("""{"kind":"Service","metadata":{"name":"a"}}""", "apiVersion")]
    [InlineData("""{"apiVersion":"v1","metadata":{"name":"a"}}""", "kind")]
    [InlineData("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"}}""", "Deployment")]
    [InlineData("""{"apiVersion":"v1","kind":"Secret","metadata":{}}""", "metadata.name")]
    public void A_manifest_that_cannot_be_placed_is_refused_with_what_is_missing(string json, string named) =>
        Assert.Contains(named, Assert.Throws<CliFailure>(() => ResourcePaths.Of(JsonNode.Parse(json)!.AsObject(), "default")).Message, StringComparison.Ordinal);
}
