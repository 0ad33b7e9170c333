using Slipway.Identity.Passwords;

namespace Slipway.Identity.Tests.Passwords;

/// <summary>The queue behind these has one place: whatever is hashed a second time is refused.</summary>
public sealed class JoinedChecksTests : IDisposable
{
    private readonly HashingWorkers _workers = new(1, 1);
    private readonly ManualResetEventSlim _gate = new();
    private readonly PasswordHashing _hashing;
    private readonly JoinedChecks _checks;

    public JoinedChecksTests()
    {
        _hashing = new PasswordHashing(_workers, 4);
        _checks = new JoinedChecks(_hashing);
    }

    public void Dispose()
    {
        _gate.Set();
        _workers.Dispose();
        _gate.Dispose();
    }

    [Fact]
    public async Task The_same_password_for_the_same_account_is_hashed_once_however_many_show_it()
    {
        var stored = _hashing.Create("correct horse");
        await OccupyAsync();
        var checks = Enumerable.Range(0, 50).Select(_ => _checks.CheckAsync("ada@example.org", "correct horse", stored, default)).ToArray();
        _gate.Set();

        Assert.All(await Task.WhenAll(checks), check => Assert.Equal(PasswordVerdict.Right, check.Value));
    }

    [Fact]
    public async Task A_stranger_is_hashed_once_too_and_is_always_wrong()
    {
        await OccupyAsync();
        var checks = Enumerable.Range(0, 50).Select(_ => _checks.CheckAsync("nobody@example.org", "correct horse", null, default)).ToArray();
        _gate.Set();

        Assert.All(await Task.WhenAll(checks), check => Assert.Equal(PasswordVerdict.Wrong, check.Value));
    }

    [Fact]
    public async Task Another_password_another_account_or_another_hash_is_another_check()
    {
        var stored = _hashing.Create("correct horse");
        await OccupyAsync();
        var first = _checks.CheckAsync("ada@example.org", "correct horse", stored, default);
        await Eventually.HoldsAsync("the first check waits", () => _workers.Waiting == 1);

        var others = new[]
        {
            await _checks.CheckAsync("ada@example.org", "wrong horse", stored, default),
            await _checks.CheckAsync("eve@example.org", "correct horse", stored, default),
            await _checks.CheckAsync("ada@example.org", "correct horse", null, default),
        };

        Assert.All(others, other => Assert.Equal("passwordChecksBusy", other.Problem?.Code));
        _gate.Set();
        Assert.Equal(PasswordVerdict.Right, (await first).Value);
    }

    [Fact]
    public async Task One_who_leaves_does_not_take_the_verdict_from_the_others_and_the_next_begins_anew()
    {
        var stored = _hashing.Create("correct horse");
        using var leaving = new CancellationTokenSource();
        await OccupyAsync();
        var left = _checks.CheckAsync("ada@example.org", "correct horse", stored, leaving.Token);
        var stays = _checks.CheckAsync("ada@example.org", "correct horse", stored, default);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        _gate.Set();

        Assert.Equal(PasswordVerdict.Right, (await stays).Value);
        Assert.Equal(PasswordVerdict.Right, (await _checks.CheckAsync("ada@example.org", "correct horse", stored, default)).Value);
    }

    private async Task OccupyAsync()
    {
        var working = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = _workers.RunAsync(
            () =>
            {
                working.SetResult();
                return _gate.Wait(TimeSpan.FromSeconds(30));
            },
            default);
        await working.Task;
    }
}
