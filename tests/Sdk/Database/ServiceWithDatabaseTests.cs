using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Service;
using Slipway.Sdk.Settings;

namespace Slipway.Sdk.Tests.Database;

public sealed class ServiceWithDatabaseTests(TestPostgres postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_migrates_before_its_first_call_and_is_ready_then()
    {
        var server = await postgres.DatabaseAsync();
        await using var service = await StartAsync(server.Environment);

        Assert.Equal("0", await service.Client.GetStringAsync("/count", Cancellation));
        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync("/ready", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_service_keeps_the_wanted_number_of_connections_warm()
    {
        var server = await postgres.DatabaseAsync();
        await using var service = await StartAsync(new Dictionary<string, string?>(server.Environment) { ["DB_POOL_MIN"] = "3" });

        await Eventually.TrueAsync(
            async () => await server.TextAsync("select count(*) from pg_stat_activity where datname = current_database() and application_name = 'counting'") == "3", "three connections are open");
    }

    [Fact]
    public async Task A_service_that_may_not_migrate_waits_until_the_command_has_done_so()
    {
        var server = await postgres.DatabaseAsync();
        var environment = new Dictionary<string, string?>(server.Environment) { ["MIGRATE"] = "command", ["DB_POOL_ACQUIRE_MS"] = "200" };
        await using var service = await StartAsync(environment);

        // Before its first look at the database is done it says that it waits for the database at all.
        await Eventually.TrueAsync(
            async () =>
            {
                using var early = await service.Client.GetAsync("/count", Cancellation);
                var problem = JsonNode.Parse(await early.Content.ReadAsStringAsync(Cancellation))!;
                Assert.Equal((HttpStatusCode.ServiceUnavailable, "databaseUnavailable"), (early.StatusCode, (string?)problem["code"]));
                return ((string?)problem["detail"])!.Contains("waiting for migration 0001", StringComparison.Ordinal);
            },
            "calls are told which migration they wait for");
        await Eventually.TrueAsync(
            async () =>
            {
                using var unready = await service.Client.GetAsync("/ready", Cancellation);
                Assert.Equal(HttpStatusCode.ServiceUnavailable, unready.StatusCode);
                return (await unready.Content.ReadAsStringAsync(Cancellation)).Contains("waiting for migration 0001", StringComparison.Ordinal);
            },
            "readiness names the migration");

        string[] args = [.. environment.SelectMany(pair => new[] { "--set", $"{pair.Key}={pair.Value}" }), "migrate"];
        Assert.Equal(0, await Create(args).RunAsync(Map));

        await Eventually.TrueAsync(async () => (await service.Client.GetAsync("/count", Cancellation)).IsSuccessStatusCode, "the service works after the migration");
    }

    [Fact]
    public async Task A_service_starts_without_its_database_and_says_so()
    {
        var server = await postgres.DatabaseAsync();
        var nowhere = new Dictionary<string, string?>(server.Environment)
        {
            ["DATABASE_URL"] = "postgres://nobody:secret@127.0.0.1:1/nothing",
            ["DB_POOL_ACQUIRE_MS"] = "200",
        };
        await using var service = await StartAsync(nowhere);

        var answer = await service.Client.GetAsync("/count", Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync("/live", Cancellation)).StatusCode);
        Assert.DoesNotContain("secret", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Theory]
    [InlineData("http://u:p@h/d", "DATABASE_URL is no PostgreSQL URL")]
    [InlineData("postgres://h/d", "DATABASE_URL names no user")]
    [InlineData("postgres://u:p@h/", "DATABASE_URL must name one database")]
    [InlineData("postgres://u:p@h/d?sslmode=maybe", "sslmode=maybe")]
    [InlineData("", "DATABASE_URL is missing")]
    public void A_wrong_address_is_told_before_anything_starts(string url, string words)
    {
        var mistakes = Assert.Throws<SettingsException>(() => Create(["--set", $"DATABASE_URL={url}", "--set", "BREAKER_RESET_MS=1"]).Build(Map)).Mistakes;

        Assert.Contains(mistakes, mistake => mistake.Contains(words, StringComparison.Ordinal));
        Assert.Contains(mistakes, mistake => mistake.Contains("BREAKER_RESET_MS", StringComparison.Ordinal));
    }

    [Fact]
    public void A_unix_socket_is_an_address_too()
    {
        var address = DatabaseAddress.Parse("postgres://todo:p%40ss@localhost/todo?host=/run/postgresql&port=6543").Value;

        Assert.Equal(("/run/postgresql", 6543, "todo", "p@ss", "todo"), (address.Host, address.Port, address.Username, address.Password, address.Database));
    }

    private static Task<RunningService> StartAsync(IReadOnlyDictionary<string, string?> environment) => RunningService.StartAsync(Create, Map, environment);

    private static SlipwayService Create(string[] args)
    {
        var service = SlipwayService.Create("counting", args, options => options.Environment = _ => null);
        service.UseDatabase(typeof(ServiceWithDatabaseTests).Assembly);
        return service;
    }

    private static void Map(WebApplication app) =>
        app.MapGet("/count", static async (HttpContext http, Sdk.Database.Database database) =>
            (await database.ReadAsync((connection, c) => connection.Command("select count(*) from counted").OneAsync(row => row.GetInt64(0), c), http.RequestAborted)).ToString())
            .OpenToAll("a test");
}
