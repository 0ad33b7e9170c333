using System.Net;
using Slipway.Api.Tests.Hosting;
using Slipway.Model.Resources;

namespace Slipway.Api.Tests;

public sealed class PodLogTests
{
    private const string Log = "/api/v1/namespaces/default/pods/shop-1/log";

    private static readonly DateTimeOffset s_noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static async Task<ApiHost> WithPodAsync(string containers = """[{"name":"main"}]""")
    {
        var api = await ApiHost.StartAsync();
        await api.StoreAsync(new Resource(
            Kinds.Pod,
            new ObjectMeta { Name = "shop-1", Namespace = "default" },
            System.Text.Encoding.UTF8.GetBytes($$$"""{"spec":{"containers":{{{containers}}}}}""")));
        for (var second = 0; second < 3; second++)
        {
            api.Logs.Write("shop-1", s_noon.AddSeconds(second), $"line {second}");
        }

        return api;
    }

    [Theory]
    [InlineData("", "line 0\nline 1\nline 2\n")]
    [InlineData("?tailLines=1", "line 2\n")]
    [InlineData("?tailLines=-1", "line 0\nline 1\nline 2\n")]
    [InlineData("?limitBytes=9", "line 0\nli")]
    [InlineData("?sinceTime=2026-01-01T12:00:02Z", "line 2\n")]
    [InlineData("?sinceSeconds=60", "")]
    [InlineData("?timestamps=true&tailLines=1", "2026-01-01T12:00:02.000000000Z line 2\n")]
    [InlineData("?container=main&tailLines=1", "line 2\n")]
    public async Task A_log_is_text_cut_as_asked(string query, string expected)
    {
        await using var api = await WithPodAsync();
        var answer = (await api.GetAsync(Log + query)).Expect(HttpStatusCode.OK);
        Assert.Equal(expected, answer.Text);
        Assert.StartsWith("text/plain", answer.ContentType);
    }

    [Fact]
    public async Task Following_ends_when_the_instance_ends()
    {
        await using var api = await WithPodAsync();
        using var response = await api.Client.GetAsync($"{Log}?follow=true", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        Assert.Equal("line 0", await lines.ReadLineAsync(limit.Token));
        api.Logs.Write("shop-1", s_noon.AddSeconds(9), "late");
        api.Logs.End("shop-1");
        Assert.Equal("line 1\nline 2\nlate\n", await lines.ReadToEndAsync(limit.Token));
    }

    [Theory]
    [InlineData("?tailLines=x")]
    [InlineData("?sinceSeconds=0")]
    [InlineData("?sinceTime=yesterday")]
    [InlineData("?sinceTime=2026-01-01T12:00:02Z&sinceSeconds=5")]
    [InlineData("?limitBytes=0")]
    [InlineData("?previous=true")]
    [InlineData("?container=other")]
    public async Task Wrong_questions_are_a_400(string query)
    {
        await using var api = await WithPodAsync();
        (await api.GetAsync(Log + query)).Expect(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task With_several_containers_one_must_be_named()
    {
        await using var api = await WithPodAsync("""[{"name":"main"},{"name":"side"}]""");
        Assert.Contains("choose one of: [main side]", (await api.GetAsync(Log)).Expect(HttpStatusCode.BadRequest).At("message"));
        (await api.GetAsync($"{Log}?container=side")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task No_pod_no_log()
    {
        await using var api = await ApiHost.StartAsync();
        Assert.Equal("pods \"shop-1\" not found", (await api.GetAsync(Log)).Expect(HttpStatusCode.NotFound).At("message"));
    }
}
