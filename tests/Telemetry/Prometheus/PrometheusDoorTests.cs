using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Slipway.Model.Failures;
using Slipway.Telemetry.Doors.Prometheus;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Tests.PromQl;

namespace Slipway.Telemetry.Tests.Prometheus;

public sealed class PrometheusDoorTests
{
    private readonly ManualTime _time = new();

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public async Task A_form_asks_the_same_as_an_address()
    {
        await using var door = await PrometheusDoor.OpenAsync(PeerData.Make());
        var form = await door.PostAsync("api/v1/query_range", ("query", "sum(temperature)"), ("start", "1700010000"), ("end", "1700010600"), ("step", "60"));
        var address = await door.ReadAsync("api/v1/query_range?query=sum(temperature)&start=1700010000&end=1700010600&step=60");
        Assert.Equal(200, form.Status);
        Assert.Equal(address.Body, form.Body);
        Assert.Equal(3, JsonDocument.Parse((await door.PostAsync("api/v1/series", ("match[]", "level"))).Body).RootElement.GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Without_a_time_it_is_now()
    {
        var data = new MemorySeries().Add(LabelSet.Of((LabelSet.MetricName, "up")), new Sample(Now - 60_000, 1));
        await using var door = await PrometheusDoor.OpenAsync(data, _time);
        var (_, body) = await door.ReadAsync("api/v1/query?query=up");
        Assert.Equal($$$"""{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"up"},"value":[{{{Now / 1000}}},"1"]}]}}""", body);
    }

    [Fact]
    public async Task Rules_are_told_in_the_form_of_Prometheus()
    {
        await using var door = await PrometheusDoor.OpenAsync(new MemorySeries());
        var all = (await door.ReadAsync("api/v1/rules")).Body;
        Assert.Equal("""
            {"status":"success","data":{"groups":[{"name":"basics","file":"basics.yaml","rules":[{"state":"firing","duration":300,"keepFiringFor":0,"annotations":{"summary":"gone"},"alerts":[{"labels":{"alertname":"Down","severity":"page"},"annotations":{"summary":"gone"},"state":"firing","activeAt":"2023-11-15T01:02:03+00:00","value":"1.5e+00"}],"name":"Down","query":"up == 0","labels":{"severity":"page"},"health":"ok","evaluationTime":0.002,"lastEvaluation":"2023-11-15T01:02:03+00:00","type":"alerting"},{"name":"job:up:sum","query":"sum by (job) (up)","labels":{},"health":"err","lastError":"no such thing","evaluationTime":0,"lastEvaluation":"0001-01-01T00:00:00+00:00","type":"recording"}],"interval":30,"limit":0,"evaluationTime":0.003,"lastEvaluation":"2023-11-15T01:02:03+00:00"}]}}
            """, all);
        Assert.DoesNotContain("recording", (await door.ReadAsync("api/v1/rules?type=alert")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("alerting", (await door.ReadAsync("api/v1/rules?type=record")).Body, StringComparison.Ordinal);
        Assert.Equal("""{"status":"success","data":{"groups":[]}}""", (await door.ReadAsync("api/v1/rules?rule_name[]=other")).Body);
        Assert.Equal(400, (await door.ReadAsync("api/v1/rules?type=both")).Status);
        Assert.Contains("\"value\":\"1.5e+00\"", (await door.ReadAsync("api/v1/alerts")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Targets_are_told_in_the_form_of_Prometheus()
    {
        await using var door = await PrometheusDoor.OpenAsync(new MemorySeries());
        var target = JsonDocument.Parse((await door.ReadAsync("api/v1/targets?state=active")).Body).RootElement.GetProperty("data").GetProperty("activeTargets")[0];
        Assert.Equal("up", target.GetProperty("health").GetString());
        Assert.Equal("http://127.0.0.1:4711/metrics", target.GetProperty("scrapeUrl").GetString());
        Assert.Equal("127.0.0.1:4711", target.GetProperty("discoveredLabels").GetProperty("__address__").GetString());
        Assert.Equal(("15s", "10s"), (target.GetProperty("scrapeInterval").GetString(), target.GetProperty("scrapeTimeout").GetString()));
        Assert.Contains("\"activeTargets\":[]", (await door.ReadAsync("api/v1/targets?state=dropped")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Meanings_and_exemplars_are_told()
    {
        var data = new MemorySeries();
        data.Describe(new MetricMetadata("up", "gauge", "Whether it answers.", ""));
        data.Add(new SeriesExemplars(LabelSet.Of((LabelSet.MetricName, "hits"), ("le", "1")), [new Exemplar(LabelSet.Of(("trace_id", "abc")), 0.5, 1_700_000_000_250)]));
        await using var door = await PrometheusDoor.OpenAsync(data);
        Assert.Equal("""{"status":"success","data":{"up":[{"type":"gauge","help":"Whether it answers.","unit":""}]}}""", (await door.ReadAsync("api/v1/metadata?metric=up&limit=5")).Body);
        Assert.Equal("""{"status":"success","data":[{"seriesLabels":{"__name__":"hits","le":"1"},"exemplars":[{"labels":{"trace_id":"abc"},"value":"0.5","timestamp":1700000000.250}]}]}""",
            (await door.ReadAsync("api/v1/query_exemplars?query=sum(rate(hits[5m]))%20%2B%20hits&start=1700000000&end=1700000001")).Body);
    }

    [Theory]
    [InlineData("buildinfo", "version", "2.42.0")]
    [InlineData("runtimeinfo", "storageRetention", "2w1d")]
    [InlineData("flags", "query.lookback-delta", "5m")]
    [InlineData("config", "yaml", "")]
    public async Task It_tells_about_itself(string what, string property, string value)
    {
        await using var door = await PrometheusDoor.OpenAsync(new MemorySeries());
        var (status, body) = await door.ReadAsync($"api/v1/status/{what}");
        Assert.Equal(200, status);
        Assert.Equal(value, JsonDocument.Parse(body).RootElement.GetProperty("data").GetProperty(property).GetString());
    }

    [Fact]
    public async Task It_counts_what_it_has()
    {
        var data = new MemorySeries()
            .Add(LabelSet.Of((LabelSet.MetricName, "up"), ("job", "a")), new Sample(Now - 1, 1))
            .Add(LabelSet.Of((LabelSet.MetricName, "up"), ("job", "b")), new Sample(Now - 1, 1))
            .Add(LabelSet.Of((LabelSet.MetricName, "down")), new Sample(Now - 1, 1));
        await using var door = await PrometheusDoor.OpenAsync(data, _time);
        var storage = JsonDocument.Parse((await door.ReadAsync("api/v1/status/tsdb")).Body).RootElement.GetProperty("data");
        Assert.Equal(3, storage.GetProperty("headStats").GetProperty("numSeries").GetInt32());
        Assert.Equal("""[{"name":"up","value":2},{"name":"down","value":1}]""", storage.GetProperty("seriesCountByMetricName").GetRawText());
    }

    [Fact]
    public async Task The_newest_samples_of_chosen_series_go_to_another_Prometheus()
    {
        var data = new MemorySeries()
            .Add(LabelSet.Of((LabelSet.MetricName, "up"), ("job", "b")), new Sample(Now - 20_000, 0), new Sample(Now - 5_000, 1))
            .Add(LabelSet.Of((LabelSet.MetricName, "up"), ("job", "a\"\\")), new Sample(Now - 5_000, double.PositiveInfinity))
            .Add(LabelSet.Of((LabelSet.MetricName, "up"), ("job", "ended")), new Sample(Now - 20_000, 1), new Sample(Now - 5_000, Sample.Stale))
            .Add(LabelSet.Of((LabelSet.MetricName, "up"), ("job", "old")), new Sample(Now - 400_000, 1))
            .Add(LabelSet.Of((LabelSet.MetricName, "other")), new Sample(Now - 5_000, 2));
        await using var door = await PrometheusDoor.OpenAsync(data, _time);
        var (status, body) = await door.ReadAsync("federate?match[]=up&match[]={job=\"b\"}");
        Assert.Equal(200, status);
        Assert.Equal($"# TYPE up untyped\nup{{job=\"a\\\"\\\\\"}} +Inf {Now - 5000}\nup{{job=\"b\"}} 1 {Now - 5000}\n", body);
        Assert.Equal(400, (await door.ReadAsync("federate?match[]=sum(")).Status);
        Assert.Equal((200, ""), await door.ReadAsync("federate"));
    }

    [Fact]
    public async Task More_questions_than_may_wait_are_refused()
    {
        var gate = new QueryGate(atOnceMax: 1, waitingMax: 1);
        using var release = new ManualResetEventSlim();
        Outcome<int> Wait(CancellationToken cancellation)
        {
            release.Wait(cancellation);
            return 1;
        }

        var first = gate.RunAsync(Wait, CancellationToken.None);
        using var impatient = new CancellationTokenSource();
        var given = gate.RunAsync(Wait, impatient.Token);
        var refused = await gate.RunAsync(Wait, CancellationToken.None);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        var second = gate.RunAsync(Wait, CancellationToken.None);
        release.Set();

        Assert.Equal(QueryGate.Full, refused.Failure);
        Assert.Equal((1, 1), ((await first).Value, (await second).Value));
    }

    [Fact]
    public async Task Nothing_that_is_asked_makes_it_stumble()
    {
        await using var door = await PrometheusDoor.OpenAsync(PeerData.Make());
        string[] paths = ["api/v1/query", "api/v1/query_range", "api/v1/series", "api/v1/labels", "api/v1/label/zone/values", "api/v1/query_exemplars", "api/v1/format_query", "federate", "api/v1/metadata", "api/v1/rules", "api/v1/targets"];
        string[] names = ["query", "time", "start", "end", "step", "match[]", "timeout", "limit", "type"];
        string[] values = ["", "temperature", "1e300", "-1e300", "NaN", "-Inf", "{a=~\"\"}", "\0", "%", "9223372036854775807", "2023-11-15T01:00:00Z", "5m", "temperature offset 290y @ -9e9", "é\ud800", "1", "0"];
        var question = from path in Gen.Elements(paths)
                       from fields in (from name in Gen.Elements(names) from value in Gen.Elements(values) select (name, value)).ListOf()
                       select (path, fields);
        foreach (var (path, fields) in question.Sample(150, 8))
        {
            var query = string.Join('&', fields.Select(field => $"{Uri.EscapeDataString(field.name)}={Uri.EscapeDataString(field.value.Replace("\ud800", "?", StringComparison.Ordinal))}"));
            var (status, body) = await door.ReadAsync($"{path}?{query}");
            Assert.True(status is 200 or 400 or 422, $"{path}?{query}: {status} {body}");
        }
    }

    [Fact]
    public async Task A_body_that_is_no_form_is_refused()
    {
        await using var door = await PrometheusDoor.OpenAsync(new MemorySeries());
        using var content = new StringContent(string.Join('&', Enumerable.Repeat("query=1", 2000)), System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
        using var answer = await door.Client.PostAsync(new Uri("api/v1/query", UriKind.Relative), content);
        Assert.Equal(400, (int)answer.StatusCode);
    }
}
