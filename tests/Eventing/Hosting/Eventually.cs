namespace Slipway.Eventing.Tests.Hosting;

/// <summary>Waits for what must become true, with a limit that only a defect reaches.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(() => Task.FromResult(condition()), what);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < s_limit, $"It did not happen that {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    /// <summary>The same while a clock is moved from timer to timer.</summary>
    public static Task TrueAsync(ManualTime time, Func<bool> condition, string what) => TrueAsync(
        () =>
        {
            if (condition())
            {
                return true;
            }

            if (time.NextTimer is { } due)
            {
                var wait = due - time.GetUtcNow();
                time.Advance(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
            }

            return false;
        },
        what);
}
