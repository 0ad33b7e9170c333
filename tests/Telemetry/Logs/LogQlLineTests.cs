using FsCheck;
using FsCheck.Fluent;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs;

namespace Slipway.Telemetry.Tests.Logs;

public sealed class LogQlLineTests
{
    private static readonly string[] s_lines =
    [
        """{"level":"error","status":503,"method":"GET","duration":"1.5s","path":"/pay","size":"2KB","user":{"id":"u1","tags":[1]}}""",
        """{"level":"info","status":200,"method":"GET","duration":"15ms","path":"/pay"}""",
        """{"level":"info","status":404,"method":"POST","duration":"3m","path":"/cart","service":"inner"}""",
        """level=warn msg="two words" took=250ms code=7""",
        "plain text with Timeout in it",
    ];

    public static TheoryData<string, int[]> Questions => new()
    {
        { """{service="orders"}""", [0, 1, 2, 3, 4] },
        { """{service=~"ord.*", namespace!="x"}""", [0, 1, 2, 3, 4] },
        { """{service="orders"} |= "pay" """, [0, 1] },
        { """{service="orders"} |= "pay" != "503" """, [1] },
        { """{service="orders"} |= "cart" or "Timeout" """, [2, 4] },
        { """{service="orders"} != "pay" or "cart" """, [3, 4] },
        { """{service="orders"} |~ "(?i)TIMEOUT" """, [4] },
        { """{service="orders"} |~ "st.tus\":(4|5).." """, [0, 2] },
        { """{service="orders"} !~ "status|msg" """, [4] },
        { "{service=\"orders\"} |~ `\\d{3},\"method\":\"POST\"`", [2] },
        { """{service="orders"} | json | status >= 400 | __error__="" """, [0, 2] },
        { """{service="orders"} | json | status >= 500 and method="GET" | __error__="" """, [0] },
        { """{service="orders"} | json | status == 200 or method="POST" | __error__="" """, [1, 2] },
        { """{service="orders"} | json | status >= 200, status < 300 | __error__="" """, [1] },
        { """{service="orders"} | json | (status = 200 or status = 404) and method =~ "P.*" | __error__="" """, [2] },
        { """{service="orders"} | json | duration > 1s | __error__="" """, [0, 2] },
        { """{service="orders"} | json | duration <= 15ms | __error__="" """, [1] },
        { """{service="orders"} | json | size > 1KB | __error__="" """, [0] },
        { """{service="orders"} | json | user_id="u1" """, [0] },
        { """{service="orders"} | json | service_extracted="inner" """, [2] },
        { """{service="orders"} | json uid="user.id", first="user.tags[0]" | uid="u1" | first=1 | __error__="" """, [0] },
        { """{service="orders"} | json | __error__="JSONParserErr" """, [3, 4] },
        { """{service="orders"} | json | __error__!="" """, [3, 4] },
        { """{service="orders"} | logfmt | msg="two words" """, [3] },
        { """{service="orders"} | logfmt | took >= 0.25s | code != 8 | __error__="" """, [3] },
        { """{service="orders"} | logfmt text="msg" | text=~"two .*" """, [3] },
        { """{service="orders"} | regexp "with (?P<word>\\w+) in" | word="Timeout" """, [4] },
        { """{service="orders"} | pattern "plain <what> with <_>" | what="text" """, [4] },
        { "{service=\"orders\"} # and a remark\n |= `pay`", [0, 1] },
        { """({service="orders"} |= "pay") |= "503" """, [0] },
    };

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Stages_let_the_right_lines_through(string expression, int[] expected)
    {
        await using var scene = await SceneAsync();
        Assert.Equal(expected.Select(index => s_lines[index]), scene.Lines(expression));
        await scene.SealAsync();
        Assert.Equal(expected.Select(index => s_lines[index]), scene.Lines(expression));
    }

    private static async Task<LogScene> SceneAsync()
    {
        var scene = await LogScene.OpenAsync();
        for (var index = 0; index < s_lines.Length; index++)
        {
            scene.Append(LogScene.Orders, s_lines[index], scene.Now + index);
        }

        scene.Append(LogScene.Cart, "of another stream");
        return scene;
    }

    [Fact]
    public async Task Labels_found_in_a_line_come_with_it()
    {
        await using var scene = await SceneAsync();
        var line = Assert.Single(scene.Query("""{service="orders"} | json | status=503 | __error__="" | drop namespace, duration, user_id""").Lines);
        Assert.Equal("503", line.Labels["status"]);
        Assert.Equal("info", line.Labels["level"]);
        Assert.Equal("error", line.Labels["level_extracted"]);
        Assert.Equal("", line.Labels["namespace"]);
        Assert.Equal("", line.Labels["duration"]);
        line = Assert.Single(scene.Query("""{service="orders"} | json | status=503 | __error__="" | keep status, path""").Lines);
        Assert.Equal(LabelSet.Of(("status", "503"), ("path", "/pay")), line.Labels);
    }

    [Fact]
    public async Task Lines_and_labels_can_be_put_into_another_form()
    {
        await using var scene = await SceneAsync();
        Assert.Equal(["GET /pay took 1.5s"], scene.Lines("""{service="orders"} |= "503" | json | line_format "{{.method}} {{ .path }} took {{.duration | ToLower}}" """));
        var line = Assert.Single(scene.Query("""{service="orders"} |= "503" | json | label_format verb=method, both="{{.status}}:{{.path}}" """).Lines);
        Assert.Equal(("GET", "503:/pay", ""), (line.Labels["verb"], line.Labels["both"], line.Labels["method"]));
    }

    [Fact]
    public async Task Lines_of_a_trace_are_found_without_reading_the_rest()
    {
        await using var scene = await LogScene.OpenAsync(options => options with { BlockBytes = 2_000 });
        var random = new Random(3);
        var traces = Enumerable.Range(0, 200).Select(_ => RandomTrace(random)).ToArray();
        foreach (var trace in traces)
        {
            scene.Append(LogScene.Orders, $"one line beside {random.Next()}", scene.Now, trace);
            scene.Append(LogScene.Cart, $$"""{"trace_id":"{{trace}}","n":{{random.Next()}}}""", scene.Now);
            scene.Append(LogScene.Cart, $"00-{trace}-00f067aa0ba902b7-01", scene.Now);
        }

        await scene.SealAsync();
        foreach (var trace in traces.Take(20))
        {
            var found = scene.Query("", trace: trace);
            Assert.Equal(3, found.Lines.Count);
            Assert.Contains(found.Lines, line => line.TraceId == trace);
            Assert.True(found.Figures.BlocksPassedOver > found.Figures.Blocks * 2, $"{found.Figures}");
            var text = scene.Query($$"""{namespace="shop"} |= "{{trace}}" """);
            Assert.Equal(2, text.Lines.Count);
            Assert.True(text.Figures.BlocksPassedOver > text.Figures.Blocks * 2, $"{text.Figures}");
        }
    }

    private static string RandomTrace(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    [Fact]
    public async Task Blocks_without_the_words_asked_for_are_passed_over()
    {
        await using var scene = await LogScene.OpenAsync(options => options with { BlockBytes = 1_000 });
        for (var number = 0; number < 100; number++)
        {
            scene.Append(LogScene.Orders, $"order number {number} was paid by card", number + 1);
        }

        scene.Append(LogScene.Orders, "the warehouse burns", 1_000);
        await scene.SealAsync();
        var found = scene.Query("""{namespace="shop"} |= "warehouse" """);
        Assert.Equal(["the warehouse burns"], found.Lines.Select(line => line.Line));
        Assert.Equal(1, found.Figures.Blocks);
        Assert.True(found.Figures.BlocksPassedOver > 2);
        Assert.Single(scene.Query("""{namespace="shop"} |~ "(?i)WAREhouSe|bUrn" """).Lines);
    }

    [Fact]
    public async Task Few_of_the_newest_lines_are_had_without_reading_the_old_ones()
    {
        await using var scene = await LogScene.OpenAsync(options => options with { BlockBytes = 1_000 });
        for (var number = 0; number < 500; number++)
        {
            scene.Append(LogScene.Orders, $"line {number:000} of this service", number + 1);
        }

        await scene.SealAsync();
        var found = scene.Query("""{namespace="shop"}""", backward: true, limit: 3);
        Assert.Equal(["line 499 of this service", "line 498 of this service", "line 497 of this service"], found.Lines.Select(line => line.Line));
        Assert.Equal(1, found.Figures.Blocks);
    }

    [Fact]
    public async Task A_query_that_would_read_too_much_or_takes_too_long_is_stopped()
    {
        await using var scene = await LogScene.OpenAsync();
        scene.Append(LogScene.Orders, new string('x', 10_000));
        var query = new LogQuery("""{namespace="shop"}""", 0, long.MaxValue);
        scene.EngineOptions = new LogQlOptions { BytesMax = 1_000 };
        Assert.Equal("query-too-large", scene.Engine.Query(query, CancellationToken.None).Failure?.Code);
        scene.EngineOptions = new LogQlOptions { Timeout = TimeSpan.FromTicks(-1) };
        Assert.Equal("query-timeout", scene.Engine.Query(query, CancellationToken.None).Failure?.Code);
        scene.EngineOptions = new LogQlOptions();
        Assert.Throws<OperationCanceledException>(() => scene.Engine.Query(query, new CancellationToken(canceled: true)));
        Assert.Equal("bad-limit", scene.Engine.Query(query with { Limit = 5_001 }, CancellationToken.None).Failure?.Code);
        Assert.Equal("bad-trace", scene.Engine.Query(query with { TraceId = "xyz" }, CancellationToken.None).Failure?.Code);
    }

    [Fact]
    public void Filters_find_what_looking_at_every_line_finds()
    {
        var word = Gen.Elements("pay", "Pay", "order", "4bf92f3577b34da6a3ce929d0e0e4736", "a1b2", "timeout", "é", "17", "_", "x9x9x9", "q");
        var gap = Gen.Elements(" ", "-", "", "\"", ":", "\n");
        var text = Gen.Zip(word, gap).Select(pair => pair.Item1 + pair.Item2).ArrayOf().Select(string.Concat);
        var lines = text.ListOf(30).Select(list => list.ToArray());
        var needle = Gen.Zip(text, Gen.Zip(Gen.Choose(0, 6), Gen.Choose(1, 20))).Select(cut => Cut(cut.Item1, cut.Item2.Item1, cut.Item2.Item2));
        var filters = Gen.Zip(Gen.Elements("|=", "!=", "|~", "!~"), needle).ListOf(2).Select(list => list.ToArray());
        Prop.ForAll(lines.ToArbitrary(), filters.ToArbitrary(), (some, asked) => AgreesAsync(some, asked).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));
    }

    private static string Cut(string text, int start, int length) =>
        text.Length <= start ? text : text.Substring(start, Math.Min(length, text.Length - start));

    private static async Task<bool> AgreesAsync(string[] lines, (string Symbol, string Needle)[] filters)
    {
        await using var scene = await LogScene.OpenAsync(options => options with { BlockBytes = 40 });
        for (var index = 0; index < lines.Length; index++)
        {
            scene.Append(LogScene.Orders, lines[index], index + 1);
        }

        var expression = """{namespace="shop"}""" + string.Concat(filters.Select(filter => $" {filter.Symbol} {Quote(filter.Needle)}"));
        var expected = lines.Where(line => filters.All(filter => line.Contains(filter.Needle, StringComparison.Ordinal) == (filter.Symbol[0] == '|'))).ToArray();
        var inMemory = scene.Lines(expression);
        await scene.SealAsync();
        return inMemory.SequenceEqual(expected) && scene.Lines(expression).SequenceEqual(expected);
    }

    private static string Quote(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + "\"";
}
