namespace Slipway.Web.Tests.Product;

/// <summary>Waits for a condition, generously: a slow machine makes a test slower, never red.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    public static async Task TrueAsync(Func<Task<bool>> holds, string what, TimeSpan? limit = null)
    {
        var most = limit ?? s_limit;
        var began = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < most, $"After {most.TotalSeconds:0} s there was still not: {what}");
            await Task.Delay(s_look, TimeProvider.System, CancellationToken.None);
        }
    }

    public static async Task<T> ValueAsync<T>(Func<T?> read, string what)
        where T : class
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (read() is { } value)
            {
                return value;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(began) < s_limit, $"After {s_limit.TotalSeconds:0} s there was still not: {what}");
            await Task.Delay(s_look, TimeProvider.System, CancellationToken.None);
        }
    }
}
