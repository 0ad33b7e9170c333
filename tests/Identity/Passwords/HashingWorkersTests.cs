using Slipway.Identity.Passwords;

namespace Slipway.Identity.Tests.Passwords;

public sealed class HashingWorkersTests
{
    [Fact]
    public async Task A_full_queue_refuses_at_once_and_says_when_to_come_back()
    {
        using var workers = new HashingWorkers(1, 2);
        using var gate = new ManualResetEventSlim();
        var working = new TaskCompletionSource();
        var first = workers.RunAsync(
            () =>
            {
                working.SetResult();
                gate.Wait();
                return 1;
            },
            default);
        await working.Task;
        var waiting = new[] { workers.RunAsync(() => 2, default), workers.RunAsync(() => 3, default) };

        var refused = await workers.RunAsync(() => 4, default);

        Assert.Equal(503, refused.Problem!.Status);
        Assert.Equal("passwordChecksBusy", refused.Problem.Code);
        Assert.NotNull(refused.Problem.RetryAfter);
        gate.Set();
        Assert.Equal(1, (await first).Value);
        Assert.Equal([2, 3], (await Task.WhenAll(waiting)).Select(outcome => outcome.Value));
    }

    [Fact]
    public async Task Work_whose_client_has_left_is_not_done()
    {
        using var workers = new HashingWorkers(1, 4);
        using var gate = new ManualResetEventSlim();
        using var left = new CancellationTokenSource();
        var done = false;
        var first = workers.RunAsync(() => gate.Wait(TimeSpan.FromSeconds(30)), default);
        var second = workers.RunAsync(() => done = true, left.Token);
        await left.CancelAsync();
        gate.Set();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.True((await first).Value);
        Assert.False(done);
    }

    [Fact]
    public async Task A_failure_reaches_the_one_who_asked_and_the_worker_lives_on()
    {
        using var workers = new HashingWorkers(1, 4);
        await Assert.ThrowsAsync<InvalidOperationException>(() => workers.RunAsync<int>(() => throw new InvalidOperationException("broken"), default));
        Assert.Equal(5, (await workers.RunAsync(() => 5, default)).Value);
    }
}
