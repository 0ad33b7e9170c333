using System.Collections.Concurrent;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;
using Slipway.TodoApi.Tests.Scenes;
using Todo.Api;

namespace Slipway.TodoApi.Tests.Safety;

public sealed class OutageTests(Identity identity)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task While_the_database_is_away_calls_are_refused_at_once_and_all_is_well_when_it_is_back()
    {
        await using var postgres = new TestPostgres();
        var database = await postgres.DatabaseAsync();
        var environment = database.Environment.Concat(identity.Issuer.Environment).ToDictionary();
        environment["BREAKER_TIMEOUT_MS"] = "5000";
        environment["BREAKER_PROBE_MS"] = "100";
        environment["LIMITS"] = "off";
        await using var service = await RunningService.StartAsync(TodoApiService.Create, TodoApiService.Map, environment);
        var ann = new Person(Guid.Empty, "", "", service.NewClient());
        ann.Client.DefaultRequestHeaders.Authorization = new("Bearer", identity.Issuer.Token("todo", Guid.CreateVersion7(), TodoScene.AllScopes));
        var acknowledged = new ConcurrentBag<string>();
        var refused = new ConcurrentBag<Answer>();
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var answer = await ann.PostAsync("/api/v1/todos", """{"title":"under load"}""");
                if (answer.Status == 201)
                {
                    acknowledged.Add(answer.Json().Id());
                }
                else
                {
                    refused.Add(answer);
                }
            }
        })).ToArray();

        await UntilAsync(() => acknowledged.Count >= 10);
        var known = await ann.GetAsync("/api/v1/todos?limit=3");
        Assert.Null(known.Header("Age"));
        await postgres.StopAsync();
        await UntilAsync(() => refused.Count >= 20);
        Assert.Equal(200, (await ann.GetAsync("/live")).Status);
        (await ann.GetAsync("/api/v1/todos?limit=4")).Problem(503);
        var old = await ann.GetAsync("/api/v1/todos?limit=3");
        Assert.Equal((200, known.Body), (old.Status, old.Body));
        Assert.NotNull(old.Header("Age"));
        Assert.Contains("stale", old.Header("Warning"), StringComparison.Ordinal);
        await postgres.StartAsync();
        var before = acknowledged.Count;
        await UntilAsync(() => acknowledged.Count >= before + 10);
        await stop.CancelAsync();
        await Task.WhenAll(load);

        Assert.All(refused, answer => answer.Problem(503));
        Assert.Contains(refused, answer => answer.Header("Retry-After") is not null);
        var stored = (await database.TextAsync("select string_agg(id::text, ' ') from todos")).Split(' ').ToHashSet();
        Assert.All(acknowledged, id => Assert.Contains(id, stored));
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (!holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }
}
