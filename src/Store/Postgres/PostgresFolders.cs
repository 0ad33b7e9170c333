using System.Security.Cryptography;
using System.Text;

namespace Slipway.Store.Postgres;

/// <summary>
/// What lies where under the state folder. <c>server/</c> belongs to PostgreSQL's account; beside it lie the files that it only reads
/// and the passwords, which it does not even see.
/// </summary>
internal sealed class PostgresFolders
{
    public PostgresFolders(string stateFolder)
    {
        var full = Directory.CreateDirectory(stateFolder).FullName;
        State = OperatingSystem.IsWindows() ? full : LibC.RealPath(full);
    }

    /// <summary>What the kernel allows for the path of a unix socket, less the name of the socket itself.</summary>
    private const int SocketFolderMax = 107 - 16;

    public string State { get; }

    public string Home => Path.Combine(State, "postgres");

    public string Server => Path.Combine(Home, "server");

    public string Data => Path.Combine(Server, "data");

    public string Log => Path.Combine(Server, "log");

    /// <summary>Below the server's own folder, because it is the server that fills most of it.</summary>
    public string Archive => Path.Combine(Server, "archive");

    /// <summary>Second servers that were taken back to a moment, each a state folder of its own.</summary>
    public string Recovered => Path.Combine(Home, "recovered");

    public string StartLog => Path.Combine(Log, "start.log");

    public string Settings => Path.Combine(Home, "postgresql.conf");

    public string HostAccess => Path.Combine(Home, "pg_hba.conf");

    public string Lock => Path.Combine(Home, "lock");

    public string Record => Path.Combine(Home, "running.json");

    public string AdminPassword => Path.Combine(Home, "admin.password");

    public string PlatformPassword => Path.Combine(Home, "platform.password");

    public string PostmasterFile => Path.Combine(Data, "postmaster.pid");

    /// <summary>Null when the path is too long for a socket; then there is only TCP.</summary>
    public string? Socket => Encoding.UTF8.GetByteCount(SocketFolder) <= SocketFolderMax ? SocketFolder : null;

    public bool IsInitialised => File.Exists(Path.Combine(Data, "PG_VERSION"));

    private string SocketFolder => Path.Combine(Server, "run");

    public void Create(PostgresAccount account)
    {
        Directory.CreateDirectory(Home);
        foreach (var folder in new[] { Server, Log, SocketFolder })
        {
            Directory.CreateDirectory(folder);
            account.Own(folder);
        }

        // The state folder is ours, so the way through it may be opened; listing it stays forbidden.
        foreach (var folder in new[] { State, Home, Server, SocketFolder })
        {
            LetOthersThrough(folder);
        }
    }

    /// <summary>The folder and everything above it, from the root down.</summary>
    public static IEnumerable<string> WayTo(string folder)
    {
        var parents = new Stack<string>();
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            parents.Push(at.FullName);
        }

        return parents;
    }

    /// <summary>A password from its file, made at the first time. Only we can read it.</summary>
    public static string Password(string path)
    {
        if (!File.Exists(path))
        {
            var staged = path + ".new";
            File.Delete(staged);
            WritePrivate(staged, RandomNumberGenerator.GetString("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 32));
            File.Move(staged, path);
        }

        return File.ReadAllText(path);
    }

    public static void WritePrivate(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        file.Write(Encoding.UTF8.GetBytes(text));
        file.Flush(flushToDisk: true);
    }

    private static void LetOthersThrough(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var mode = File.GetUnixFileMode(folder);
        if (!mode.HasFlag(UnixFileMode.OtherExecute))
        {
            File.SetUnixFileMode(folder, mode | UnixFileMode.OtherExecute);
        }
    }
}
