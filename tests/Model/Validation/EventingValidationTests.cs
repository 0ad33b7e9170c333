using System.Text.Json.Nodes;
using Slipway.Model.Resources;
using Slipway.Model.Values;

namespace Slipway.Model.Tests.Validation;

public sealed class EventingValidationTests
{
    [Theory]
    [InlineData("metadata/annotations", """{"slipway.dev/partitions":"0"}""", "metadata.annotations[slipway.dev/partitions]")]
    [InlineData("metadata/annotations", """{"slipway.dev/partitions":"65"}""", "metadata.annotations[slipway.dev/partitions]")]
    [InlineData("metadata/annotations", """{"slipway.dev/retention":"7 days"}""", "metadata.annotations[slipway.dev/retention]")]
    [InlineData("metadata/annotations", """{"slipway.dev/retention-bytes":"1Ki"}""", "metadata.annotations[slipway.dev/retention-bytes]")]
    [InlineData("metadata/annotations", """{"slipway.dev/publishers":"friends"}""", "metadata.annotations[slipway.dev/publishers]")]
    [InlineData("metadata/annotations", """{"eventing.knative.dev/broker.class":"Kafka"}""", "metadata.annotations[eventing.knative.dev/broker.class]")]
    [InlineData("spec/delivery/retry", "-1", "spec.delivery.retry")]
    [InlineData("spec/delivery/backoffPolicy", "\"random\"", "spec.delivery.backoffPolicy")]
    [InlineData("spec/delivery/backoffDelay", "\"soon\"", "spec.delivery.backoffDelay")]
    [InlineData("spec/delivery/timeout", "\"PT2H\"", "spec.delivery.timeout")]
    [InlineData("spec/delivery/deadLetterSink", "{}", "spec.delivery.deadLetterSink")]
    public void A_Broker_is_told_what_is_wrong_with_it(string path, string value, string field) =>
        Assert.Equal(field, Assert.Single(Manifests.Check(Kinds.Broker, Manifests.Broker(broker => broker.Put(path, value)))).Field);

    [Theory]
    [InlineData("spec/broker", "\"\"", "spec.broker")]
    [InlineData("spec/filters", """[{"cesql":"type = 'x'"}]""", "spec.filters[0].cesql")]
    [InlineData("spec/filters", """[{"exact":{"a":"b"},"prefix":{"a":"b"}}]""", "spec.filters[0]")]
    [InlineData("spec/filters", "[{}]", "spec.filters[0]")]
    [InlineData("spec/filters", """[{"all":[{"not":{"exakt":{"a":"b"}}}]}]""", "spec.filters[0].all[0].not")]
    [InlineData("spec/filters", """[{"any":[]}]""", "spec.filters[0].any")]
    [InlineData("spec/filters", """[{"exact":{"Type":"x"}}]""", "spec.filters[0].exact[Type]")]
    [InlineData("spec/subscriber", "{}", "spec.subscriber")]
    [InlineData("spec/subscriber", """{"uri":"ftp://x"}""", "spec.subscriber.uri")]
    [InlineData("spec/subscriber/uri", "\"http://elsewhere/\"", "spec.subscriber.uri")]
    [InlineData("spec/subscriber/ref/apiVersion", "\"apps/v1\"", "spec.subscriber.ref.apiVersion")]
    [InlineData("metadata/annotations", """{"slipway.dev/start":"middle"}""", "metadata.annotations[slipway.dev/start]")]
    [InlineData("metadata/annotations", """{"slipway.dev/concurrency":"513"}""", "metadata.annotations[slipway.dev/concurrency]")]
    public void A_Trigger_is_told_what_is_wrong_with_it(string path, string value, string field) =>
        Assert.Equal(field, Assert.Single(Manifests.Check(Kinds.Trigger, Manifests.Trigger(trigger => trigger.Put(path, value)))).Field);

    [Fact]
    public void Partitions_and_the_Broker_of_a_Trigger_stay_what_they_are()
    {
        var broker = Manifests.Defaulted(Kinds.Broker, Manifests.Broker(next => next.Put("metadata/annotations", """{"slipway.dev/partitions":"5"}""")));
        var trigger = Manifests.Defaulted(Kinds.Trigger, Manifests.Trigger());

        // Silence keeps what there is.
        Assert.Empty(Manifests.Check(Kinds.Broker, Manifests.Broker(), broker));
        Assert.Equal(
            "metadata.annotations[slipway.dev/partitions]",
            Assert.Single(Manifests.Check(Kinds.Broker, Manifests.Broker(next => next.Put("metadata/annotations", """{"slipway.dev/partitions":"3"}""")), broker)).Field);
        Assert.Equal("spec.broker", Assert.Single(Manifests.Check(Kinds.Trigger, Manifests.Trigger(next => next.Put("spec/broker", "\"other\"")), trigger)).Field);
    }

    [Fact]
    public void What_is_left_open_is_filled_in()
    {
        var broker = Manifests.Defaulted(Kinds.Broker, Manifests.Broker());
        var trigger = Manifests.Defaulted(Kinds.Trigger, Manifests.Trigger());

        Assert.Equal(
            ["Slipway", "3", "P7D", "1Gi", "open", "checked"],
            broker["metadata"]!["annotations"]!.AsObject().Select(annotation => (string)annotation.Value!));
        Assert.Equal("orders", (string)trigger["metadata"]!["labels"]!["eventing.knative.dev/broker"]!);
        Assert.Equal("demo", (string)trigger["spec"]!["subscriber"]!["ref"]!["namespace"]!);
    }

    [Fact]
    public void Filters_nest_only_so_deep()
    {
        var filter = new JsonObject { ["exact"] = new JsonObject { ["type"] = "x" } };
        for (var depth = 0; depth < 40; depth++)
        {
            filter = new JsonObject { ["not"] = filter };
        }

        Assert.Single(Manifests.Check(Kinds.Trigger, Manifests.Trigger(trigger => trigger.Spec()["filters"] = new JsonArray(filter))));
    }

    [Theory]
    [InlineData("P7D", 604_800)]
    [InlineData("PT0.2S", 0.2)]
    [InlineData("P1DT12H30M5S", 131_405)]
    [InlineData("P2W", 1_209_600)]
    [InlineData("PT0S", 0)]
    public void Durations_are_read_as_ISO_writes_them(string text, double seconds)
    {
        Assert.True(IsoDuration.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1M")]
    [InlineData("P1Y")]
    [InlineData("7d")]
    [InlineData("-P1D")]
    [InlineData("P1DT")]
    [InlineData("P999999999D")]
    public void Other_durations_are_not(string text) => Assert.False(IsoDuration.TryParse(text, out _));
}
