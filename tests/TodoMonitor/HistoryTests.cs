using System.Text.Json.Nodes;
using Slipway.Sdk.Hosting;

namespace Todo.Monitor.Tests;

public sealed class HistoryTests(TestPostgres postgres)
{
    [Fact]
    public async Task Nothing_checked_yet_is_not_known()
    {
        await using var scene = await Scene.StartAsync(postgres);

        var status = await scene.StatusAsync();

        Assert.Equal("""{"checkedAt":null,"overall":"unknown","services":[],"incidents":[]}""", status.ToJsonString());
    }

    [Fact]
    public async Task The_status_counts_minutes_and_becomes_unknown_when_nobody_looks()
    {
        await using var scene = await Scene.StartAsync(postgres);
        for (var minute = 0; minute < 3; minute++)
        {
            await scene.CheckAsync();
        }

        await scene.CheckAsync(404);

        var shop = Assert.Single((await scene.StatusAsync())["services"]!.AsArray())!;
        Assert.Equal(("down", "status 404", 75.0, 75.0), ((string?)shop["status"], (string?)shop["error"], (double?)shop["uptimePercent24h"], (double?)shop["uptimePercent30d"]));

        scene.Clock.Advance(TimeSpan.FromMinutes(4));
        var later = await scene.StatusAsync();
        Assert.Equal(("unknown", "unknown"), ((string?)later["overall"], (string?)later["services"]![0]!["status"]));
    }

    [Fact]
    public async Task History_is_told_minute_by_minute_with_gaps_as_gaps()
    {
        await using var scene = await Scene.StartAsync(postgres);
        await scene.CheckAsync();
        scene.Clock.Advance(TimeSpan.FromMinutes(2));
        await scene.CheckAsync(500);

        var (status, history) = await scene.GetAsync("/api/v1/history?service=shop");

        Assert.Equal(200, status);
        Assert.Equal(
            [("2026-03-10T12:01:00.000Z", "up", null), ("2026-03-10T12:04:00.000Z", "down", "status 500")],
            history["items"]!.AsArray().Select(item => ((string?)item!["at"], (string?)item["status"], (string?)item["error"])));
        var (_, earlier) = await scene.GetAsync("/api/v1/history?service=shop&from=2026-03-10T11:00:00Z&to=2026-03-10T12:01:00Z");
        Assert.Empty(earlier["items"]!.AsArray());
    }

    [Fact]
    public async Task Days_are_summed_up_once_over_and_minutes_go_after_their_time()
    {
        await using var scene = await Scene.StartAsync(postgres);
        await scene.StatusAsync();
        await scene.Database.ExecuteAsync(
            """
            insert into checks (service, minute, status, latency_ms)
            select 'shop', minute, case when extract(hour from minute at time zone 'UTC') < 6 then 'down' else 'up' end, 20
            from generate_series('2026-02-06T00:00:00Z'::timestamptz, '2026-03-10T11:59:00Z', interval '1 minute') minute
            """);
        await scene.Database.ExecuteAsync("insert into days (service, day, up, down, idle) values ('old', '2024-12-01', 1, 0, 0), ('shop', '2025-04-01', 9, 1, 0)");
        await scene.Database.ExecuteAsync("delete from days where service = 'shop'");
        await scene.Database.ExecuteAsync("insert into incidents (id, service, started_at, ended_at, cause) values (gen_random_uuid(), 'shop', '2024-01-01', '2024-01-02', 'x')");

        await scene.CheckAsync();

        Assert.Equal("2026-02-08 00:00:00", await scene.Database.TextAsync("select (min(minute) at time zone 'UTC')::text from checks"));
        Assert.Equal("0", await scene.Database.TextAsync("select count(*) from days where day < '2025-02-01'"));
        Assert.Equal("32", await scene.Database.TextAsync("select count(*) from days where service = 'shop'"));
        Assert.Equal("0", await scene.Database.TextAsync("select count(*) from incidents"));
        var (_, days) = await scene.GetAsync("/api/v1/history?service=shop&resolution=day&from=2026-02-06T00:00:00Z&to=2026-03-10T12:30:00Z");
        var items = days["items"]!.AsArray();
        Assert.Equal(33, items.Count);
        Assert.Equal(("2026-02-06T00:00:00.000Z", "down", 75.0, 20), ((string?)items[0]!["at"], (string?)items[0]!["status"], (double?)items[0]!["uptimePercent"], (int?)items[0]!["latencyMs"]));
        var shop = (await scene.StatusAsync())["services"]![0]!;
        Assert.InRange((double)shop["uptimePercent24h"]!, 74.9, 75.1);
        Assert.InRange((double)shop["uptimePercent30d"]!, 74, 75);

        await scene.CheckAsync();
        Assert.Equal("32", await scene.Database.TextAsync("select count(*) from days where service = 'shop'"));
    }

    [Fact]
    public async Task The_document_describes_the_data_and_leaves_the_page_out()
    {
        await using var scene = await Scene.StartAsync(postgres);

        var document = JsonNode.Parse(await scene.Service.Client.GetStringAsync("/openapi/v1.json", Scene.Cancellation))!;

        Assert.Equal(["/api/v1/history", "/api/v1/status"], document["paths"]!.AsObject().Select(path => path.Key).Order(StringComparer.Ordinal));
        Assert.Equal(4, document["paths"]!["/api/v1/history"]!["get"]!["parameters"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_question_that_makes_no_sense_is_told_so()
    {
        await using var scene = await Scene.StartAsync(postgres);
        foreach (var (query, parameter, code) in new[]
        {
            ("", "service", "required"),
            ("?service=shop&from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z", "from", "tooLong"),
            ("?service=shop&from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "from", "notBefore"),
            ("?service=shop&from=yesterday", "from", "notAnInstant"),
            ("?service=shop&to=0001-01-01T00:00:00Z", "to", "outOfRange"),
            ("?service=shop&resolution=second", "resolution", "notOneOf"),
            ("?service=shop&form=x", "form", "unknownParameter"),
        })
        {
            var (status, problem) = await scene.GetAsync("/api/v1/history" + query);

            Assert.Equal((422, query), (status, query));
            Assert.Contains(problem["errors"]!.AsArray(), error => (string?)error!["parameter"] == parameter && (string?)error["code"] == code);
        }

        Assert.Equal(404, (await scene.GetAsync("/api/v1/history?service=nobody")).Status);
    }
}
