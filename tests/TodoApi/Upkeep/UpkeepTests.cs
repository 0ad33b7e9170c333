using Microsoft.Extensions.DependencyInjection;
using Slipway.Sdk.Database;
using Slipway.TodoApi.Tests.Scenes;
using Todo.Api.Upkeep;

namespace Slipway.TodoApi.Tests.Upkeep;

public sealed class UpkeepTests(TodoScene scene) : IClassFixture<TodoScene>
{
    [Fact]
    public async Task What_lay_in_the_trash_for_thirty_days_goes_for_good_and_nothing_else_does()
    {
        var ann = scene.Person();
        var (old, young) = (await ann.TodoAsync("old"), await ann.TodoAsync("young"));
        var list = await ann.ListAsync("old list");
        var inside = await ann.TodoAsync("inside", $"\"listId\":\"{list.Id()}\"");
        await ann.DeleteAsync("/api/v1/todos/" + old.Id(), 1);
        await ann.DeleteAsync("/api/v1/todos/" + young.Id(), 1);
        await ann.DeleteAsync("/api/v1/lists/" + list.Id(), 1);
        await scene.Database.ExecuteAsync($"update todos set deleted_at = now() - interval '30 days 1 minute' where id in ('{old.Id()}', '{inside.Id()}')");
        await scene.Database.ExecuteAsync($"update lists set deleted_at = now() - interval '30 days 1 minute' where id = '{list.Id()}'");
        await scene.Database.ExecuteAsync($"update todos set deleted_at = now() - interval '29 days 23 hours' where id = '{young.Id()}'");

        // The loop of the running service does the same; whoever comes first has the turn.
        await UntilAsync(async () =>
        {
            await scene.Service.Services.GetRequiredService<Housekeeping>().RunAsync(CancellationToken.None);
            return await scene.Database.TextAsync($"select count(*) from todos where id in ('{old.Id()}', '{inside.Id()}')") == "0";
        });

        Assert.Equal(["young"], await ann.TitlesAsync("?deleted=only"));
        Assert.Equal("0", await scene.Database.TextAsync($"select count(*) from lists where id = '{list.Id()}'"));
        Assert.Equal("0", await scene.Database.TextAsync($"select count(*) from changes where subject_id in ('{old.Id()}', '{inside.Id()}', '{list.Id()}')"));
    }

    [Fact]
    public async Task Completing_at_the_same_moment_makes_one_next_occurrence()
    {
        var ann = scene.Person();
        var todo = await ann.TodoAsync("daily", "\"due\":{\"date\":\"2030-01-01\"},\"recurrence\":\"FREQ=DAILY\"");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ann.PostAsync($"/api/v1/todos/{todo.Id()}/complete")));

        Assert.Single(await ann.TitlesAsync("?completed=false"));
    }

    [Fact]
    public async Task Of_changes_to_the_same_version_one_wins()
    {
        var ann = scene.Person();
        var todo = await ann.TodoAsync("contested");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => ann.PatchAsync("/api/v1/todos/" + todo.Id(), $$"""{"title":"{{number}}"}""", 1)));

        Assert.Equal(1, answers.Count(answer => answer.Status == 200));
        Assert.Equal(7, answers.Count(answer => answer.Status == 412));
    }

    [Fact]
    public async Task Moving_in_opposite_directions_at_once_keeps_every_todo_once()
    {
        var ann = scene.Person();
        var todos = new List<string>();
        for (var number = 0; number < 6; number++)
        {
            todos.Add((await ann.TodoAsync($"todo {number}")).Id());
        }

        var moves = todos.SelectMany((id, index) => todos.Where(other => other != id).Select(other => (Id: id, Other: other, Before: index % 2 == 0)));
        await Task.WhenAll(moves.Select(async move =>
        {
            var side = move.Before ? "beforeId" : "afterId";
            Person.Expect(await ann.PostAsync($"/api/v1/todos/{move.Id}/move", $$"""{"{{side}}":"{{move.Other}}"}"""), 200);
        }));

        Assert.Equal(todos.Order(), (await ann.IdsAsync()).Order());
    }

    [Fact]
    public async Task The_baseline_profile_has_a_small_cold_pool_and_no_breaker()
    {
        await using var baseline = await scene.StartAsync(("PROFILE", "baseline"), ("DB_POOL_MAX", ""), ("DB_POOL_MIN", ""), ("DB_POOL_ACQUIRE_MS", ""), ("BREAKER_TIMEOUT_MS", ""));
        await using var optimized = await scene.StartAsync(("DB_POOL_MAX", ""), ("DB_POOL_MIN", ""), ("DB_POOL_ACQUIRE_MS", ""), ("BREAKER_TIMEOUT_MS", ""));
        var (slow, fast) = (baseline.Services.GetRequiredService<DatabaseOptions>(), optimized.Services.GetRequiredService<DatabaseOptions>());

        Assert.Equal((5, 0, 30, 10, false), (slow.PoolMax, slow.PoolMin, slow.AcquireTimeout.TotalSeconds, slow.IdleLifetime.TotalSeconds, slow.BreakerOn));
        Assert.Equal((50, 5, 5, 50, 30, true), (fast.PoolMax, fast.PoolMin, fast.BreakerTimeout.TotalSeconds, fast.BreakerErrorPercent, fast.BreakerReset.TotalSeconds, fast.BreakerOn));
        Assert.Equal((60, 10, 1), (fast.AcquireTimeout.TotalSeconds, fast.IdleLifetime.TotalSeconds, fast.EvictInterval.TotalSeconds));
        var ann = scene.Person("Ann", baseline);
        await ann.TodoAsync("works all the same");
        Assert.Single(await ann.TitlesAsync());
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }
}
