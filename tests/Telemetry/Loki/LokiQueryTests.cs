using System.Globalization;
using System.Net;
using System.Text.Json;
using Slipway.Telemetry.Tests.Logs;

namespace Slipway.Telemetry.Tests.Loki;

/// <summary>The answers have the forms that Loki's handbook documents, member by member.</summary>
public sealed class LokiQueryTests
{
    private static async Task<LokiScene> SceneAsync()
    {
        var scene = await LokiScene.OpenAsync();
        for (var number = 0; number < 3; number++)
        {
            scene.Logs.Append(LogScene.Orders, $$"""{"n":{{number}}}""", scene.Logs.Now - ((3 - number) * 1_000_000_000L));
        }

        scene.Logs.Append(LogScene.Cart, "of the cart", scene.Logs.Now - 1_500_000_000L);
        return scene;
    }

    [Fact]
    public async Task Lines_come_in_streams_of_pairs_newest_first()
    {
        await using var scene = await SceneAsync();
        var answer = await scene.GetAsync($"/loki/api/v1/query_range?query={LokiScene.Of("""{namespace="shop"}""")}&limit=3");
        Assert.Equal("success", answer.GetProperty("status").GetString());
        var data = answer.GetProperty("data");
        Assert.Equal("streams", data.GetProperty("resultType").GetString());
        var streams = data.GetProperty("result").EnumerateArray().ToList();
        Assert.Equal(2, streams.Count);
        Assert.Equal("""{"level":"info","namespace":"shop","service":"orders"}""", streams[0].GetProperty("stream").GetRawText());
        var at = (scene.Logs.Now - 1_000_000_000).ToString(CultureInfo.InvariantCulture);
        Assert.Equal($$"""["{{at}}","{\"n\":2}"]""", streams[0].GetProperty("values")[0].GetRawText());
        Assert.Equal("""{"n":1}""", streams[0].GetProperty("values")[1][1].GetString());
        Assert.Equal("of the cart", streams[1].GetProperty("values")[0][1].GetString());
        var summary = data.GetProperty("stats").GetProperty("summary");
        Assert.True(summary.GetProperty("totalLinesProcessed").GetInt64() >= 3);
        Assert.Equal(3, summary.GetProperty("totalEntriesReturned").GetInt32());
    }

    [Fact]
    public async Task Start_end_and_direction_are_understood_in_all_their_forms()
    {
        await using var scene = await SceneAsync();
        var query = LokiScene.Of("""{service="orders"}""");
        var now = scene.Logs.Time.GetUtcNow();
        var seconds = now.ToUnixTimeSeconds();
        foreach (var (start, end) in new[]
        {
            ($"{seconds - 2}", $"{seconds}"),
            ($"{(seconds - 2) * 1_000_000_000}", $"{seconds * 1_000_000_000}"),
            ($"{seconds - 2}.0", $"{seconds - 1}.5"),
            ($"{now.AddSeconds(-2):yyyy-MM-ddTHH:mm:ssZ}", $"{now:yyyy-MM-ddTHH:mm:ss.fffffffZ}"),
        })
        {
            var answer = await scene.GetAsync($"/loki/api/v1/query_range?query={query}&start={LokiScene.Of(start)}&end={LokiScene.Of(end)}&direction=forward");
            var lines = answer.GetProperty("data").GetProperty("result")[0].GetProperty("values").EnumerateArray().Select(value => value[1].GetString());
            Assert.Equal(["""{"n":1}""", """{"n":2}"""], lines);
        }

        var since = await scene.GetAsync($"/loki/api/v1/query_range?query={query}&since=1s");
        Assert.Equal(1, since.GetProperty("data").GetProperty("result")[0].GetProperty("values").GetArrayLength());
    }

    [Fact]
    public async Task Numbers_come_as_a_matrix_of_seconds_and_texts()
    {
        await using var scene = await SceneAsync();
        var seconds = scene.Logs.Time.GetUtcNow().ToUnixTimeSeconds();
        var query = LokiScene.Of("""sum by (service) (count_over_time({service="orders"}[2s]))""");
        var answer = await scene.GetAsync($"/loki/api/v1/query_range?query={query}&start={seconds - 2}&end={seconds}&step=1.5");
        Assert.Equal("matrix", answer.GetProperty("data").GetProperty("resultType").GetString());
        Assert.Equal(
            $$"""[{"metric":{"service":"orders"},"values":[[{{seconds - 2}},"2"],[{{seconds - 1}}.5,"2"]]}]""",
            answer.GetProperty("data").GetProperty("result").GetRawText());
    }

    [Fact]
    public async Task An_instant_query_gives_a_vector_or_a_scalar_and_refuses_lines()
    {
        await using var scene = await SceneAsync();
        var seconds = scene.Logs.Time.GetUtcNow().ToUnixTimeSeconds();
        var vector = await scene.GetAsync($"/loki/api/v1/query?query={LokiScene.Of("vector(1)+vector(1)")}&time={seconds}");
        Assert.Equal("vector", vector.GetProperty("data").GetProperty("resultType").GetString());
        Assert.Equal($$"""[{"metric":{},"value":[{{seconds}},"2"]}]""", vector.GetProperty("data").GetProperty("result").GetRawText());
        var scalar = await scene.GetAsync($"/loki/api/v1/query?query=7&time={seconds}000000000");
        Assert.Equal($$"""[{{seconds}},"7"]""", scalar.GetProperty("data").GetProperty("result").GetRawText());
        var (status, text) = await scene.TryGetAsync($"/loki/api/v1/query?query={LokiScene.Of("""{service="orders"}""")}");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("log queries are not supported as an instant query type", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_may_come_as_a_form()
    {
        await using var scene = await SceneAsync();
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("query", """{service="cart"}"""), KeyValuePair.Create("limit", "1")]);
        using var response = await scene.Http.PostAsync(new Uri("/loki/api/v1/query_range", UriKind.Relative), form);
        Assert.Contains("of the cart", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_values_series_and_statistics_tell_what_there_is()
    {
        await using var scene = await SceneAsync();
        Assert.Equal("""{"status":"success","data":["level","namespace","service"]}""", (await scene.GetAsync("/loki/api/v1/labels")).GetRawText());
        Assert.Equal("""{"status":"success","data":["cart","orders"]}""", (await scene.GetAsync("/loki/api/v1/label/service/values")).GetRawText());
        Assert.Equal(
            """{"status":"success","data":["cart"]}""",
            (await scene.GetAsync($"/loki/api/v1/label/service/values?query={LokiScene.Of("""{level="error"}""")}")).GetRawText());
        Assert.Equal(
            """{"status":"success","data":[{"level":"error","namespace":"shop","service":"cart"}]}""",
            (await scene.GetAsync($"/loki/api/v1/series?match[]={LokiScene.Of("""{service="cart"}""")}")).GetRawText());
        await scene.Logs.SealAsync();
        Assert.Equal(
            """{"streams":1,"chunks":1,"entries":3,"bytes":21}""",
            (await scene.GetAsync($"/loki/api/v1/index/stats?query={LokiScene.Of("""{service="orders"}""")}")).GetRawText());
        var volume = await scene.GetAsync($"/loki/api/v1/index/volume?query={LokiScene.Of("""{namespace="shop"}""")}&targetLabels=service");
        Assert.Equal("""{"service":"orders"}""", volume.GetProperty("data").GetProperty("result")[0].GetProperty("metric").GetRawText());
        Assert.Equal("21", volume.GetProperty("data").GetProperty("result")[0].GetProperty("value")[1].GetString());
    }

    [Fact]
    public async Task Programs_that_ask_whether_it_is_there_hear_yes()
    {
        await using var scene = await LokiScene.OpenAsync();
        Assert.Equal((HttpStatusCode.OK, "ready\n"), await scene.TryGetAsync("/ready"));
        Assert.Equal(JsonValueKind.String, (await scene.GetAsync("/loki/api/v1/status/buildinfo")).GetProperty("version").ValueKind);
    }

    [Theory]
    [InlineData("query_range", "parameter 'query' is missing")]
    [InlineData("query_range?query=%7Ba%3D%22b%22", "parse error at line 1, col 7")]
    [InlineData("query_range?query=%7Ba%3D%22b%22%7D&limit=many", "'limit' has to be a whole number")]
    [InlineData("query_range?query=%7Ba%3D%22b%22%7D&limit=5001", "max entries limit per query")]
    [InlineData("query_range?query=%7Ba%3D%22b%22%7D&start=yesterday", "'start' has to be")]
    [InlineData("query_range?query=%7Ba%3D%22b%22%7D&start=20&end=10", "end timestamp must not be before")]
    [InlineData("query_range?query=%7Ba%3D%22b%22%7D&direction=up", "'direction' has to be")]
    [InlineData("query_range?query=vector(1)&step=-1", "'step' has to be")]
    [InlineData("query_range?query=vector(1)&start=0&end=100000000000000&step=1ms", "exceeded maximum resolution")]
    [InlineData("labels?query=sum(1)", "parse error")]
    [InlineData("tail?query=%7Ba%3D%22b%22%7D", "WebSocket")]
    public async Task A_mistake_is_told_as_a_line_of_text(string path, string told)
    {
        await using var scene = await LokiScene.OpenAsync();
        var (status, text) = await scene.TryGetAsync("/loki/api/v1/" + path);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(told, text, StringComparison.Ordinal);
        Assert.DoesNotContain("{\"", text, StringComparison.Ordinal);
    }
}
