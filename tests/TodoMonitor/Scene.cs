using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Sdk.Hosting;
using Todo.Monitor.Checking;

[assembly: AssemblyFixture(typeof(TestPostgres))]

namespace Todo.Monitor.Tests;

/// <summary>The running monitor with a database of its own, one neighbour it watches, and a clock the test sets.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private Scene(RunningService service, TestDatabase database, Neighbour shop, SetClock clock) => (Service, Database, Shop, Clock) = (service, database, shop, clock);

    public RunningService Service { get; }

    public TestDatabase Database { get; }

    public Neighbour Shop { get; }

    public SetClock Clock { get; }

    /// <summary>What the neighbour answers from now on.</summary>
    public int ShopStatus { get; set; } = 200;

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<Scene> StartAsync(TestPostgres postgres, params (string Name, string Value)[] settings)
    {
        Scene? scene = null;
        var shop = await Neighbour.StartAsync(http =>
        {
            http.Response.StatusCode = scene?.ShopStatus ?? 200;
            return http.Response.WriteAsync("…");
        });
        var database = await postgres.DatabaseAsync();
        var environment = new Dictionary<string, string?>(database.Environment) { ["TARGETS"] = $"shop={shop.Address}ready?key=1", ["PROBE_TIMEOUT_MS"] = "30000" };
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        var clock = new SetClock();
        var service = await RunningService.StartAsync(MonitorService.Create, MonitorService.Map, environment, clock);
        if (environment["DATABASE_URL"] == database.Environment["DATABASE_URL"])
        {
            await service.UntilReadyAsync();
        }

        scene = new(service, database, shop, clock);
        return scene;
    }

    /// <summary>One run of the verb, a minute after the one before; answers what it printed.</summary>
    public async Task<JsonNode> CheckAsync(int shopStatus = 200)
    {
        ShopStatus = shopStatus;
        Clock.Advance(TimeSpan.FromMinutes(1));
        await using var output = new StringWriter();
        await using var errors = new StringWriter();

        Assert.Equal(0, await Service.Services.GetRequiredService<CheckCommand>().RunAsync(output, errors, Cancellation));

        Assert.Empty(errors.ToString());
        return JsonNode.Parse(output.ToString())!;
    }

    /// <summary>The data twin of the page, past what it remembers for some seconds.</summary>
    public async Task<JsonNode> StatusAsync()
    {
        Clock.Advance(TimeSpan.FromSeconds(6));
        return JsonNode.Parse(await Service.Client.GetStringAsync("/api/v1/status", Cancellation))!;
    }

    public async Task<(int Status, JsonNode Body)> GetAsync(string path)
    {
        using var answer = await Service.Client.GetAsync(path, Cancellation);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!);
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Shop.DisposeAsync();
    }
}

/// <summary>A clock whose wall time is set by the test; its timers run in real time, so time limits still end things.</summary>
internal sealed class SetClock : TimeProvider
{
    private long _ticks = new DateTimeOffset(2026, 3, 10, 12, 0, 10, TimeSpan.Zero).UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
