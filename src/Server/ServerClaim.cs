using Slipway.Store.Installation;

namespace Slipway.Server;

/// <summary>One server per state folder: a lock that goes with the process, however it ends.</summary>
internal sealed class ServerClaim : IDisposable
{
    private readonly FileStream? _lock;

    private ServerClaim(FileStream? held, string? problem)
    {
        _lock = held;
        Problem = problem;
    }

    public string? Problem { get; }

    public static ServerClaim Take(StateFolder folder)
    {
        try
        {
            Directory.CreateDirectory(folder.Root);
            if (Environment.IsPrivilegedProcess)
            {
                // Instances and the database run as users of their own and have to pass through to their folders.
                File.SetUnixFileMode(folder.Root, File.GetUnixFileMode(folder.Root) | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
            }

            return new ServerClaim(new FileStream(folder.ServerLock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), null);
        }
        catch (UnauthorizedAccessException)
        {
            return new ServerClaim(null, $"the state folder {folder.Root} cannot be written by this user: choose another with SLIPWAY_HOME or change its owner");
        }
        catch (IOException error)
        {
            return new ServerClaim(null, File.Exists(folder.ServerLock)
                ? $"another server runs in {folder.Root} already"
                : $"the state folder {folder.Root} cannot be used: {error.Message}");
        }
    }

    public void Dispose() => _lock?.Dispose();
}
