using System.Text.Json;
using Slipway.Telemetry.Tests.PromQl;

namespace Slipway.Telemetry.Tests.Prometheus;

/// <summary>What is sent is, byte for byte, what Prometheus sends, so clients cannot tell the difference.</summary>
[Collection<PrometheusPeer.Shared>]
public sealed class SameAnswersTests(PrometheusPeer peer)
{
    private const string At = "1700010000.5";
    private const string Period = "start=1700006400&end=1700017200";

    [Theory]
    [InlineData("api/v1/query?query=42&time=" + At)]
    [InlineData("api/v1/query?query=%22text%5Cn%2B%22&time=" + At)]
    [InlineData("api/v1/query?query=sort(temperature)&time=" + At)]
    [InlineData("api/v1/query?query=sort(odd{kind!=%22nan%22})&time=2023-11-15T01:00:00Z")]
    [InlineData("api/v1/query?query=sort(level)&time=2023-11-15T02:00:00.250%2B01:00")]
    [InlineData("api/v1/query?query=temperature{zone=%22east%22}[5m]&time=" + At)]
    [InlineData("api/v1/query?query=nothing&time=" + At)]
    [InlineData("api/v1/query?query=1e21&time=" + At)]
    [InlineData("api/v1/query?query=1e-7*3.3&time=" + At)]
    [InlineData("api/v1/query?query=-123456789012345678&time=" + At)]
    [InlineData("api/v1/query_range?query=temperature&start=1700010000&end=1700010600&step=37.5")]
    [InlineData("api/v1/query_range?query=vector(1)&start=1700010000&end=1700010600&step=5m")]
    [InlineData("api/v1/query_range?query=time()&start=1700010000.25&end=1700010600&step=1m")]
    [InlineData("api/v1/series?match[]=temperature&" + Period)]
    [InlineData("api/v1/series?match[]=level&match[]=temperature{zone=%22east%22}&" + Period)]
    [InlineData("api/v1/labels?" + Period)]
    [InlineData("api/v1/labels?match[]=temperature&" + Period)]
    [InlineData("api/v1/label/zone/values?" + Period)]
    [InlineData("api/v1/label/__name__/values")]
    [InlineData("api/v1/label/path/values?match[]={job=~%22api|web%22}")]
    [InlineData("api/v1/label/none/values")]
    [InlineData("api/v1/series?match[]=level&start=5&end=1")]
    [InlineData("api/v1/metadata")]
    [InlineData("api/v1/targets/metadata")]
    [InlineData("api/v1/alerts?other=1")]
    public async Task The_answer_is_the_same_text(string question)
    {
        Assert.SkipWhen(peer.Missing is not null, peer.Missing ?? "");
        await using var door = await PrometheusDoor.OpenAsync(peer.Data);

        var ours = await door.ReadAsync(question);
        var theirs = await peer.ReadAsync(question);

        if (question.Contains("other=1", StringComparison.Ordinal))
        {
            // There are no rules there, so only the frame can be the same.
            Assert.Equal(Shape(theirs.Body), Shape(ours.Body));
            return;
        }

        Assert.Equal(theirs.Status, ours.Status);
        Assert.Equal(theirs.Body, ours.Body);
    }

    [Theory]
    [InlineData("api/v1/query?query=sum(")]
    [InlineData("api/v1/query")]
    [InlineData("api/v1/query?query=1&time=noon")]
    [InlineData("api/v1/query?query=1&timeout=soon")]
    [InlineData("api/v1/query?query=temperature%2Bon(floor)temperature&time=" + At)]
    [InlineData("api/v1/query_range?query=1&start=1&end=2")]
    [InlineData("api/v1/query_range?query=1&start=1&end=2&step=0")]
    [InlineData("api/v1/query_range?query=1&start=3&end=2&step=1")]
    [InlineData("api/v1/query_range?query=1&start=0&end=11001&step=1")]
    [InlineData("api/v1/query_range?query=temperature[5m]&start=1&end=2&step=1")]
    [InlineData("api/v1/query_range?query=1&end=2&step=1")]
    [InlineData("api/v1/series")]
    [InlineData("api/v1/series?match[]={}")]
    [InlineData("api/v1/query_exemplars?query=up&start=5&end=1")]
    [InlineData("api/v1/labels?match[]=sum(up)")]
    [InlineData("api/v1/label/not-a-name/values")]
    [InlineData("api/v1/query_exemplars?query=sum(")]
    public async Task What_is_wrong_is_told_with_the_same_status_and_kind(string question)
    {
        Assert.SkipWhen(peer.Missing is not null, peer.Missing ?? "");
        await using var door = await PrometheusDoor.OpenAsync(peer.Data);

        var ours = await door.ReadAsync(question);
        var theirs = await peer.ReadAsync(question);

        Assert.Equal(theirs.Status, ours.Status);
        var (our, their) = (JsonDocument.Parse(ours.Body).RootElement, JsonDocument.Parse(theirs.Body).RootElement);
        Assert.Equal(their.GetProperty("errorType").GetString(), our.GetProperty("errorType").GetString());
        Assert.NotEmpty(our.GetProperty("error").GetString()!);
    }

    [Fact]
    public async Task Eleven_thousand_points_are_as_many_as_there()
    {
        Assert.SkipWhen(peer.Missing is not null, peer.Missing ?? "");
        await using var door = await PrometheusDoor.OpenAsync(peer.Data);
        foreach (var end in new[] { 10_999, 11_000, 11_001 })
        {
            var question = $"api/v1/query_range?query=1&start=0&end={end}&step=1";
            Assert.Equal((await peer.ReadAsync(question)).Status, (await door.ReadAsync(question)).Status);
        }
    }

    private static string Shape(string body) => string.Join(',', JsonDocument.Parse(body).RootElement.GetProperty("data").EnumerateObject().Select(property => property.Name));
}
