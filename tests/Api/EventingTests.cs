using System.Net;
using Slipway.Api.Tests.Hosting;
using Slipway.Model.Resources;

namespace Slipway.Api.Tests;

public sealed class EventingTests
{
    private const string Brokers = "/apis/eventing.knative.dev/v1/namespaces/default/brokers";
    private const string Triggers = "/apis/eventing.knative.dev/v1/namespaces/default/triggers";
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io";

    [Fact]
    public async Task Brokers_and_Triggers_are_made_listed_and_explained()
    {
        await using var api = await ApiHost.StartAsync();
        (await api.PostAsync(Brokers, """{"apiVersion":"eventing.knative.dev/v1","kind":"Broker","metadata":{"name":"orders"},"spec":{}}""")).Expect(HttpStatusCode.Created);
        var trigger = await api.PostAsync(
            Triggers,
            """
            {"apiVersion":"eventing.knative.dev/v1","kind":"Trigger","metadata":{"name":"ship"},
             "spec":{"broker":"orders","subscriber":{"ref":{"apiVersion":"serving.knative.dev/v1","kind":"Service","name":"shipping"}}}}
            """);
        trigger.Expect(HttpStatusCode.Created);
        Assert.Equal("default", trigger.At("spec", "subscriber", "ref", "namespace"));
        await api.SetStatusAsync(
            new ResourceKey(Kinds.Broker, "default", "orders"),
            """{"address":{"url":"http://127.0.0.1:4000/default/orders"},"conditions":[{"type":"Ready","status":"True"}]}""");
        await api.SetStatusAsync(
            new ResourceKey(Kinds.Trigger, "default", "ship"),
            """{"subscriberUri":"http://shipping/","conditions":[{"type":"Ready","status":"False","reason":"BrokerNotFound"}]}""");

        var brokers = (await api.GetAsync(Brokers, Table)).Json;
        var triggers = (await api.GetAsync(Triggers, Table)).Json;

        Assert.Equal(["Name", "URL", "Age", "Ready", "Reason"], brokers["columnDefinitions"]!.AsArray().Select(column => (string)column!["name"]!));
        Assert.Equal("http://127.0.0.1:4000/default/orders", (string)brokers["rows"]![0]!["cells"]![1]!);
        Assert.Equal(["Name", "Broker", "Subscriber_URI", "Age", "Ready", "Reason"], triggers["columnDefinitions"]!.AsArray().Select(column => (string)column!["name"]!));
        Assert.Equal("BrokerNotFound", (string)triggers["rows"]![0]!["cells"]![5]!);
        var resources = (await api.GetAsync("/apis/eventing.knative.dev/v1")).Text;
        Assert.Contains("\"brokers\"", resources, StringComparison.Ordinal);
        Assert.Contains("deadLetterSink", (await api.GetAsync("/openapi/v3/apis/eventing.knative.dev/v1")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_Trigger_gets_wrong_is_told_by_field()
    {
        await using var api = await ApiHost.StartAsync();

        var refused = await api.PostAsync(
            Triggers,
            """{"apiVersion":"eventing.knative.dev/v1","kind":"Trigger","metadata":{"name":"ship"},"spec":{"broker":"orders","filters":[{"cesql":"x"}],"subscriber":{"uri":"http://x/"}}}""");

        refused.Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("spec.filters[0].cesql", refused.At("details", "causes", "0", "field"));
    }
}
