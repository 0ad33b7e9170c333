using System.Net;
using Slipway.Telemetry.Collecting;
using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Tests.Collecting;

public sealed class TargetLabelsTests
{
    private static readonly ScrapeTarget s_target = new("shop", "orders", "orders-00001", "orders-00001-a", new IPEndPoint(IPAddress.Loopback, 80), "/metrics", ScrapeWish.Unsaid);

    [Fact]
    public void A_series_gets_the_labels_that_say_whom_it_comes_from() =>
        Assert.Equal(
            "requests_total{instance=\"orders-00001-a\",job=\"orders\",method=\"GET\",namespace=\"shop\",revision=\"orders-00001\",service=\"orders\"}",
            TargetLabels.Of(s_target).For(LabelSet.Of((LabelSet.MetricName, "requests_total"), ("method", "GET"))).ToString());

    [Fact]
    public void What_the_program_says_otherwise_keeps_its_value_under_another_name()
    {
        var labels = TargetLabels.Of(s_target).For(LabelSet.Of((LabelSet.MetricName, "up"), ("service", "database"), ("exported_service", "older"), ("instance", "orders-00001-a")));

        Assert.Equal(("orders", "database", "older", ""), (labels["service"], labels["exported_exported_service"], labels["exported_service"], labels["exported_instance"]));
    }

    [Fact]
    public void The_same_series_gets_the_same_labels_at_every_scrape()
    {
        var labels = TargetLabels.Of(s_target);
        var scraped = LabelSet.Of((LabelSet.MetricName, "a"));
        var first = labels.For(scraped);
        labels.Turn();

        Assert.Same(first, labels.For(LabelSet.Of((LabelSet.MetricName, "a"))));
    }
}
