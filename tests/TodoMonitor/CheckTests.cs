using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Settings;
using Todo.Monitor.Checking;
using Todo.Monitor.Probing;

namespace Todo.Monitor.Tests;

public sealed class CheckTests(TestPostgres postgres)
{
    [Fact]
    public async Task A_check_prints_what_it_saw()
    {
        await using var scene = await Scene.StartAsync(postgres);

        var seen = await scene.CheckAsync();

        Assert.Equal("2026-03-10T12:01:10.000Z", (string?)seen["checkedAt"]);
        Assert.Equal("up", (string?)seen["overall"]);
        var shop = Assert.Single(seen["services"]!.AsArray())!.AsObject();
        Assert.Equal(["name", "url", "status", "latencyMs", "error"], shop.Select(member => member.Key));
        Assert.Equal(("shop", scene.Shop.Address + "ready", "up", null), ((string?)shop["name"], (string?)shop["url"], (string?)shop["status"], (string?)shop["error"]));
        Assert.True((int?)shop["latencyMs"] >= 0);
    }

    [Fact]
    public async Task Whatever_a_target_does_the_others_are_told_too()
    {
        await using var silent = await Neighbour.StartAsync(http => Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted));
        await using var rude = await Neighbour.StartAsync(http =>
        {
            http.Abort();
            return Task.CompletedTask;
        });
        await using var moved = await Neighbour.StartAsync(http =>
        {
            http.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        });
        await using var flood = await Neighbour.StartAsync(async http =>
        {
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.WriteAsync(new string('x', 4096), http.RequestAborted);
            }
        });
        await using var scene = await Scene.StartAsync(
            postgres,
            ("TARGETS", $"silent={silent.Address},rude={rude.Address},moved={moved.Address},flood={flood.Address},dead=http://127.0.0.1:1/"),
            ("PROBE_TIMEOUT_MS", "6000"));

        var seen = await scene.CheckAsync();

        Assert.Equal(
            [("silent", "down", "no answer within 6 s"), ("rude", "down", "the connection broke"), ("moved", "up", null), ("flood", "up", null), ("dead", "down", "the connection was refused")],
            seen["services"]!.AsArray().Select(service => ((string?)service!["name"], (string?)service["status"], (string?)service["error"])));
        Assert.Equal("degraded", (string?)seen["overall"]);
    }

    [Fact]
    public async Task Three_failing_checks_open_an_incident_and_two_good_ones_close_it()
    {
        await using var scene = await Scene.StartAsync(postgres);
        await scene.CheckAsync();
        await scene.CheckAsync(503);
        await scene.CheckAsync(503);
        Assert.Empty((await scene.StatusAsync())["incidents"]!.AsArray());

        await scene.CheckAsync(500);

        var status = await scene.StatusAsync();
        Assert.Equal("down", (string?)status["overall"]);
        var open = Assert.Single(status["incidents"]!.AsArray())!;
        Assert.Equal(("shop", "2026-03-10T12:02:10.000Z", null, "status 500"), ((string?)open["service"], (string?)open["startedAt"], (string?)open["endedAt"], (string?)open["cause"]));

        await scene.CheckAsync();
        Assert.Null((string?)Assert.Single((await scene.StatusAsync())["incidents"]!.AsArray())!["endedAt"]);
        await scene.CheckAsync();

        var closed = Assert.Single((await scene.StatusAsync())["incidents"]!.AsArray())!;
        Assert.Equal((string?)open["id"], (string?)closed["id"]);
        Assert.StartsWith("2026-03-10T12:05", (string?)closed["endedAt"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_checks_at_once_leave_one_incident_and_one_row_a_minute()
    {
        await using var scene = await Scene.StartAsync(postgres);
        await scene.CheckAsync(503);
        await scene.CheckAsync(503);
        scene.Clock.Advance(TimeSpan.FromMinutes(1));
        var command = scene.Service.Services.GetRequiredService<CheckCommand>();

        var codes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => command.RunAsync(TextWriter.Null, TextWriter.Null, Scene.Cancellation))));

        Assert.All(codes, code => Assert.Equal(0, code));
        Assert.Equal("1", await scene.Database.TextAsync("select count(*) from incidents"));
        Assert.Equal("3", await scene.Database.TextAsync("select count(*) from checks"));
        Assert.Equal("3", await scene.Database.TextAsync("select failures from trails"));
    }

    [Fact]
    public async Task Without_its_database_a_check_still_prints_and_says_that_nothing_was_written()
    {
        await using var scene = await Scene.StartAsync(postgres, ("DATABASE_URL", "postgres://nobody:x@127.0.0.1:1/nothing"), ("DB_POOL_ACQUIRE_MS", "300"), ("MIGRATE", "command"));
        await using var output = new StringWriter();
        await using var errors = new StringWriter();

        var code = await scene.Service.Services.GetRequiredService<CheckCommand>().RunAsync(output, errors, Scene.Cancellation);

        Assert.Equal(1, code);
        Assert.Equal("up", (string?)JsonNode.Parse(output.ToString())!["overall"]);
        Assert.Contains("could not be written", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_verb_does_it_all_in_a_process_of_its_own_settings()
    {
        await using var scene = await Scene.StartAsync(postgres);
        string[] args = [.. scene.Database.Environment.Append(new("TARGETS", $"shop={scene.Shop.Address}")).SelectMany(pair => new[] { "--set", $"{pair.Key}={pair.Value}" }), "check"];

        Assert.Equal(0, await MonitorService.Create(args, options => options.Environment = _ => null).RunAsync(MonitorService.Map));

        Assert.Equal("up", await scene.Database.TextAsync("select status from checks"));
    }

    [Fact]
    public async Task What_sleeps_is_left_asleep_when_the_platform_says_so()
    {
        await using var gateway = await Neighbour.StartAsync(http =>
        {
            http.Response.StatusCode = http.Request.Host.Host == "todo.localhost" && http.Request.Path == "/ready" ? 200 : 418;
            return Task.CompletedTask;
        });
        string? token = null;
        await using var platform = await Neighbour.StartAsync(http =>
        {
            token = http.Request.Headers.Authorization;
            return http.Response.WriteAsync("""
                {"items":[{"metadata":{"labels":{"serving.knative.dev/service":"todo"}},"status":{"actualReplicas":1}},
                          {"metadata":{"labels":{"serving.knative.dev/service":"todo"}},"status":{"actualReplicas":0}},
                          {"metadata":{"labels":{"serving.knative.dev/service":"todo-insights"}},"status":{}},
                          {"metadata":{}}, 7]}
                """);
        });
        await using var scene = await Scene.StartAsync(
            postgres,
            ("TARGETS", "todo,todo-insights"),
            ("SLIPWAY_GATEWAY", gateway.Address.GetLeftPart(UriPartial.Authority)),
            ("MONITOR_WAKE", "off"),
            ("PLATFORM_URL", platform.Address.ToString()),
            ("PLATFORM_TOKEN", "t-1"));

        var seen = await scene.CheckAsync();

        Assert.Equal([("todo", "up"), ("todo-insights", "idle")], seen["services"]!.AsArray().Select(service => ((string?)service!["name"], (string?)service["status"])));
        Assert.Equal(("up", "Bearer t-1"), ((string?)seen["overall"], token));
        Assert.Equal(100, (double?)(await scene.StatusAsync())["services"]![1]!["uptimePercent24h"]);
    }

    [Fact]
    public async Task A_platform_that_says_nothing_useful_hides_no_outage()
    {
        await using var platform = await Neighbour.StartAsync(http => http.Response.WriteAsync("<html>"));
        await using var scene = await Scene.StartAsync(
            postgres, ("MONITOR_WAKE", "off"), ("PLATFORM_URL", platform.Address.ToString()), ("PLATFORM_TOKEN", "t-1"));

        Assert.Equal("down", (string?)(await scene.CheckAsync(503))["services"]![0]!["status"]);
    }

    [Theory]
    [InlineData("TARGETS", "Shop!", "TARGETS must list")]
    [InlineData("TARGETS", "shop=ftp://x", "TARGETS must list")]
    [InlineData("TARGETS", "shop=http://me:secret@x/", "TARGETS must list")]
    [InlineData("TARGETS", "a,a", "TARGETS names a twice")]
    [InlineData("MONITOR_WAKE", "off", "MONITOR_WAKE=off needs PLATFORM_URL")]
    [InlineData("PLATFORM_CA", "trust me", "PLATFORM_CA")]
    [InlineData("PROBE_TIMEOUT_MS", "1", "PROBE_TIMEOUT_MS")]
    public void Wrong_settings_are_named_before_anything_starts(string name, string value, string words)
    {
        var mistakes = Assert.Throws<SettingsException>(
            () => MonitorService.Create(["--set", $"{name}={value}"], options => options.Environment = _ => null).Build(MonitorService.Map)).Mistakes;

        Assert.Contains(mistakes, mistake => mistake.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_list_the_products_own_services_are_watched_through_the_gateway()
    {
        var settings = new ServiceSettings(name => name == "SLIPWAY_GATEWAY" ? "http://127.0.0.1:9000" : null);

        var targets = TargetList.Read(settings, new ServiceAddresses(settings));

        Assert.Equal(["identity", "todo-api", "todo-insights", "todo"], targets.Select(target => target.Name));
        Assert.Equal(("http://127.0.0.1:9000/ready", "identity.localhost:8080", "http://identity.localhost:8080"), (targets[0].Dial.ToString(), targets[0].Host, targets[0].Url));
    }
}
