using System.Net;
using Slipway.Api.Tests.Hosting;
using Slipway.Model.Resources;

namespace Slipway.Api.Tests;

public sealed class MonitoringTests
{
    private const string Rules = "/apis/monitoring.coreos.com/v1/namespaces/default/prometheusrules";
    private const string Configurations = "/apis/monitoring.coreos.com/v1alpha1/namespaces/default/alertmanagerconfigs";
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io";

    [Fact]
    public async Task PrometheusRules_and_AlertmanagerConfigs_are_made_listed_and_explained()
    {
        await using var api = await ApiHost.StartAsync();
        (await api.PostAsync(Rules, """
            {"apiVersion":"monitoring.coreos.com/v1","kind":"PrometheusRule","metadata":{"name":"shop"},
             "spec":{"groups":[{"name":"shop","rules":[{"alert":"Down","expr":"up == 0","for":"5m","keep_firing_for":"1m","labels":{"severity":"critical"},"annotations":{"summary":"{{ $labels.job }}"}}]}]}}
            """)).Expect(HttpStatusCode.Created);
        (await api.PostAsync(Configurations, """
            {"apiVersion":"monitoring.coreos.com/v1alpha1","kind":"AlertmanagerConfig","metadata":{"name":"people"},
             "spec":{"route":{"receiver":"hook","routes":[{"receiver":"hook","matchers":[{"name":"severity","value":"critical"}]}]},"receivers":[{"name":"hook","webhookConfigs":[{"url":"http://hook/"}]}]}}
            """)).Expect(HttpStatusCode.Created);
        await api.SetStatusAsync(new ResourceKey(Kinds.PrometheusRule, "default", "shop"), """{"rules":1,"groups":1,"conditions":[{"type":"Accepted","status":"True"}]}""");

        var rules = (await api.GetAsync(Rules, Table)).Json;
        Assert.Equal(["Name", "Rules", "Age", "Accepted"], rules["columnDefinitions"]!.AsArray().Select(column => (string)column!["name"]!));
        Assert.Equal(1, (int)rules["rows"]![0]!["cells"]![1]!);
        Assert.Equal("True", (string)rules["rows"]![0]!["cells"]![3]!);
        Assert.Equal(["Name", "Receivers", "Age", "Accepted"], (await api.GetAsync(Configurations, Table)).Json["columnDefinitions"]!.AsArray().Select(column => (string)column!["name"]!));
        Assert.Contains("\"promrule\"", (await api.GetAsync("/apis/monitoring.coreos.com/v1")).Text, StringComparison.Ordinal);
        Assert.Contains("alertmanagerconfigs", (await api.GetAsync("/apis/monitoring.coreos.com/v1alpha1")).Text, StringComparison.Ordinal);
        Assert.Contains("keep_firing_for", (await api.GetAsync("/openapi/v3/apis/monitoring.coreos.com/v1")).Text, StringComparison.Ordinal);
        Assert.Contains("pagerdutyConfigs", (await api.GetAsync("/openapi/v3/apis/monitoring.coreos.com/v1alpha1")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_them_is_told_by_field()
    {
        await using var api = await ApiHost.StartAsync();

        var refused = await api.PostAsync(
            Rules, """{"apiVersion":"monitoring.coreos.com/v1","kind":"PrometheusRule","metadata":{"name":"shop"},"spec":{"groups":[{"name":"a","rules":[{"alert":"A","expr":"up","for":"soon"}]}]}}""");

        refused.Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("spec.groups[0].rules[0].for", refused.At("details", "causes", "0", "field"));
    }
}
