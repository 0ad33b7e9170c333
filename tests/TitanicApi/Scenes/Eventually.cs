namespace Slipway.TitanicApi.Tests.Scenes;

/// <summary>Waits for what happens a moment later, however long a loaded machine takes for it.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public static async Task TrueAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (!await holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }
}
