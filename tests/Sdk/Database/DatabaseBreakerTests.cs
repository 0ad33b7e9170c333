using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Polly.CircuitBreaker;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Tests.Database;

public sealed class DatabaseBreakerTests
{
    private int _calls;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_opens_when_half_of_enough_calls_fail_and_refuses_without_calling()
    {
        await using var breaker = Breaker();
        await SucceedAsync(breaker, 2);
        await FailAsync(breaker, 2);
        Assert.Equal(CircuitState.Closed, breaker.State);

        await FailAsync(breaker, 1);

        Assert.Equal(CircuitState.Open, breaker.State);
        var calls = _calls;
        var refused = (await Assert.ThrowsAsync<ProblemException>(() => CallAsync(breaker, () => { }))).Problem;
        Assert.Equal((503, "databaseUnavailable", calls), (refused.Status, refused.Code, _calls));
        Assert.True(refused.RetryAfter >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Fewer_failures_than_half_leave_it_closed()
    {
        await using var breaker = Breaker();
        await SucceedAsync(breaker, 20);
        await FailAsync(breaker, 15);

        Assert.Equal(CircuitState.Closed, breaker.State);
    }

    [Fact]
    public async Task What_the_work_itself_gets_wrong_says_nothing_about_the_database()
    {
        await using var breaker = Breaker();
        for (var call = 0; call < 10; call++)
        {
            await Assert.ThrowsAsync<PostgresException>(() => CallAsync(breaker, () => throw new PostgresException("duplicate", "ERROR", "ERROR", PostgresErrorCodes.UniqueViolation)));
            await Assert.ThrowsAsync<ProblemException>(() => CallAsync(breaker, () => throw new ProblemException(Problem.NotFound("todo"))));
            await Assert.ThrowsAsync<InvalidOperationException>(() => CallAsync(breaker, () => throw new InvalidOperationException()));
        }

        Assert.Equal(CircuitState.Closed, breaker.State);
    }

    [Fact]
    public async Task After_the_reset_a_single_call_may_try_and_its_success_closes_it()
    {
        await using var breaker = Breaker(reset: TimeSpan.FromMilliseconds(500));
        await FailAsync(breaker, 5);
        var trying = new TaskCompletionSource();
        var finish = new TaskCompletionSource();
        Task? single = null;
        await Eventually.TrueAsync(
            async () =>
            {
                single = breaker.RunAsync(
                    async (_, _) =>
                    {
                        trying.SetResult();
                        await finish.Task;
                        return 1;
                    },
                    0,
                    Cancellation);
                await Task.WhenAny(single, trying.Task);
                return trying.Task.IsCompleted;
            },
            "a call may try");

        await Assert.ThrowsAsync<ProblemException>(() => CallAsync(breaker, () => { }));
        finish.SetResult();
        await single!;

        Assert.Equal(CircuitState.Closed, breaker.State);
        await SucceedAsync(breaker, 1);
    }

    [Fact]
    public async Task A_probe_that_is_answered_closes_it_long_before_the_reset()
    {
        var answers = 0;
        await using var breaker = Breaker(reset: TimeSpan.FromHours(1), probe: () => ++answers < 3 ? throw Lost() : Task.CompletedTask);
        for (var round = 0; round < 2; round++)
        {
            await FailAsync(breaker, 5);
            await Eventually.TrueAsync(() => breaker.State == CircuitState.Closed, "the probe closes it");
        }

        Assert.True(answers >= 4);
    }

    private DatabaseBreaker Breaker(TimeSpan? reset = null, Func<Task>? probe = null) => new(
        new DatabaseOptions { BreakerReset = reset ?? TimeSpan.FromHours(1), BreakerWindow = TimeSpan.FromMinutes(10), BreakerProbe = probe is null ? TimeSpan.Zero : TimeSpan.FromMilliseconds(20) },
        _ => (probe ?? (() => Task.CompletedTask))(),
        TimeProvider.System,
        NullLogger.Instance);

    private Task<int> CallAsync(DatabaseBreaker breaker, Action work) => breaker.RunAsync(
        (act, _) =>
        {
            Interlocked.Increment(ref _calls);
            act();
            return ValueTask.FromResult(1);
        },
        work,
        Cancellation);

    private async Task SucceedAsync(DatabaseBreaker breaker, int times)
    {
        for (var call = 0; call < times; call++)
        {
            await CallAsync(breaker, () => { });
        }
    }

    private async Task FailAsync(DatabaseBreaker breaker, int times)
    {
        for (var call = 0; call < times; call++)
        {
            await Assert.ThrowsAsync<ProblemException>(() => CallAsync(breaker, () => throw Lost()));
        }
    }

    private static NpgsqlException Lost() => new("lost", new IOException("the connection is gone"));
}
