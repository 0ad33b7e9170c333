namespace Slipway.Store.Postgres;

/// <summary>
/// A lock between processes. The kernel lets go of it when its holder dies, so there is never a stale one to clean up.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <summary>Null when somebody else holds it.</summary>
    public static FolderLock? Try(string path)
    {
        try
        {
            return new FolderLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    /// <summary>Waits for whoever holds it; null when they keep it longer than the limit.</summary>
    public static async Task<FolderLock?> WaitAsync(string path, TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (Try(path) is { } held)
            {
                return held;
            }

            if (time.GetElapsedTime(start) > limit)
            {
                return null;
            }

            await Task.Delay(s_pause, time, cancellation);
        }
    }

    public void Dispose() => _file.Dispose();
}
