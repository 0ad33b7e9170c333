namespace Slipway.EndToEnd.Tests.Harness;

/// <summary>Waits for a condition, generously: a slow machine makes a scene slower, not red.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    public static async Task<T> GetAsync<T>(Func<Task<T>> look, Func<T, bool> isRight, string expectation)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var seen = await look();
            if (isRight(seen))
            {
                return seen;
            }

            if (TimeProvider.System.GetElapsedTime(began) > s_limit)
            {
                Assert.Fail($"after {s_limit.TotalSeconds:0} s still not: {expectation}. Last seen: {seen}");
            }

            await Task.Delay(s_look, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public static Task TrueAsync(Func<Task<bool>> look, string expectation) => GetAsync(look, seen => seen, expectation);

    public static Task TrueAsync(Func<bool> look, string expectation) => GetAsync(() => Task.FromResult(look()), seen => seen, expectation);
}
