using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Slipway.Model.Failures;

namespace Slipway.Store.Postgres;

/// <summary>The single steps of a server's life: make the folder, start, stop. Each is one program run to its end.</summary>
/// <param name="more">Settings beyond those that every server of ours has.</param>
internal sealed class PostgresControl(PostgresFolders folders, PostgresBinaries binaries, PostgresAccount account, TimeProvider time, string more = "")
{
    private const int StartLogMax = 1024 * 1024;

    private static readonly TimeSpan s_orphanWait = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Makes the data folder. It appears by a rename, so a folder that is there is complete.</summary>
    public async Task<Failure?> InitialiseAsync(string adminPassword, CancellationToken cancellation)
    {
        foreach (var left in Directory.EnumerateDirectories(folders.Server, "data.new-*"))
        {
            Directory.Delete(left, recursive: true);
        }

        var staging = Path.Combine(folders.Server, $"data.new-{Guid.NewGuid():N}");
        var passwordFile = Path.Combine(folders.Server, $"password-{Guid.NewGuid():N}");
        try
        {
            PostgresFolders.WritePrivate(passwordFile, adminPassword);
            account.Own(passwordFile);
            var made = await RunAsync(
                TimeSpan.FromMinutes(2),
                cancellation,
                binaries.Initdb, "--pgdata", staging, "--username", PostgresNames.Admin, "--pwfile", passwordFile,
                "--auth", "scram-sha-256", "--locale=C", "-E", "UTF8", "--data-checksums");
            if (!made.Succeeded)
            {
                return new Failure(
                    FailureKind.Unavailable,
                    made.Output.Contains("No space left", StringComparison.Ordinal) ? "postgres-disk-full" : "postgres-init-failed",
                    $"PostgreSQL cannot make its data folder {folders.Data}: {made.Output}");
            }

            Directory.Move(staging, folders.Data);
            return null;
        }
        finally
        {
            File.Delete(passwordFile);
            if (Directory.Exists(staging))
            {
                Directory.Delete(staging, recursive: true);
            }
        }
    }

    /// <summary>Starts the server and waits until it takes connections. Crash recovery may take its time.</summary>
    public async Task<Outcome<Postmaster>> StartAsync(int port, CancellationToken cancellation)
    {
        if (await ClearStaleFilesAsync(cancellation) is { } failure)
        {
            return failure;
        }

        await WriteReadableAsync(folders.HostAccess, PostgresSettings.HostAccess, cancellation);
        await WriteReadableAsync(folders.Settings, PostgresSettings.Text(folders, port, more), cancellation);
        if (File.Exists(folders.StartLog) && new FileInfo(folders.StartLog).Length > StartLogMax)
        {
            File.Delete(folders.StartLog);
        }

        var started = await RunAsync(
            TimeSpan.FromMinutes(6),
            cancellation,
            binaries.Control, "start", "--wait", "--timeout=300", "--silent", "--pgdata", folders.Data, "--log", folders.StartLog,
            "--options", $"-c config_file={ShellQuoted(folders.Settings)}");
        if (started.Succeeded && Postmaster.Find(folders) is { } running)
        {
            running.Record(folders);
            return running;
        }

        var said = PostgresLog.LastWords(folders.Log);
        return said.Contains("Address already in use", StringComparison.Ordinal)
            ? new Failure(FailureKind.Unavailable, "postgres-port-taken", $"The port {port} is taken by another program.")
            : new Failure(FailureKind.Unavailable, "postgres-start-failed", $"PostgreSQL does not start: {said} Its logs are in {folders.Log}.");
    }

    /// <summary>Ends sessions, writes a checkpoint and stops; if that takes too long it stops without the checkpoint, which is as safe.</summary>
    public async Task<bool> StopAsync(CancellationToken cancellation)
    {
        var fast = await RunAsync(
            TimeSpan.FromSeconds(40), cancellation, binaries.Control, "stop", "--mode=fast", "--timeout=30", "--silent", "--pgdata", folders.Data);
        return fast.Succeeded || (await RunAsync(
            TimeSpan.FromSeconds(20), cancellation, binaries.Control, "stop", "--mode=immediate", "--timeout=15", "--silent", "--pgdata", folders.Data)).Succeeded;
    }

    /// <summary>The first folder on the way to <paramref name="folder"/> that PostgreSQL's account may not pass, or null.</summary>
    public async Task<string?> FirstImpassableAsync(string folder, CancellationToken cancellation)
    {
        // Asked rather than computed from mode bits: access lists and mount options have a say too.
        var probe = await RunAsync(
            TimeSpan.FromSeconds(20),
            cancellation,
            ["/bin/sh", "-c", "for f in \"$@\"; do [ -x \"$f\" ] || { printf '%s' \"$f\"; exit 3; }; done", "sh", .. PostgresFolders.WayTo(folder)]);
        return probe.ExitCode == 3 ? probe.Output : null;
    }

    public static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    public static bool IsFree(int port)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>
    /// Files that name the pid of a dead server stop the next one as long as that number is in use: by a zombie nobody has
    /// buried yet, or for ever by some other program. They are removed, but only when no process of a server of this folder is left.
    /// </summary>
    private async Task<Failure?> ClearStaleFilesAsync(CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        while (Postmaster.HasOrphans(folders))
        {
            if (time.GetElapsedTime(begun) > s_orphanWait)
            {
                return new Failure(
                    FailureKind.Unavailable,
                    "postgres-orphans",
                    $"Processes of an earlier PostgreSQL still work in {folders.Data}. End them and start again.");
            }

            await Task.Delay(s_pause, time, cancellation);
        }

        File.Delete(folders.PostmasterFile);
        if (folders.Socket is { } sockets)
        {
            foreach (var left in Directory.EnumerateFileSystemEntries(sockets, ".s.PGSQL.*"))
            {
                File.Delete(left);
            }
        }

        return null;
    }

    private Task<ToolResult> RunAsync(TimeSpan limit, CancellationToken cancellation, params string[] command) => Tool.RunAsync(
        account.Run(command),
        folders.Server,
        new Dictionary<string, string>
        {
            // Nothing of our own environment: PGDATA and its relatives would change what the programs do.
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
            ["LC_ALL"] = "C",
            ["TZ"] = "UTC",
        },
        limit,
        time,
        cancellation);

    private static async Task WriteReadableAsync(string path, string text, CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(path, text, cancellation);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
    }

    private static string ShellQuoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
