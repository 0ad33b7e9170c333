using System.Globalization;
using System.Runtime.InteropServices;
using Slipway.Model.Failures;

namespace Slipway.Store.Postgres;

/// <summary>
/// Who PostgreSQL runs as. It refuses to be root, so when we are root it gets an account of its own; otherwise it runs
/// as we do.
/// </summary>
internal sealed class PostgresAccount
{
    public const string Name = "slipway-postgres";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    private readonly (uint User, uint Group)? _ids;

    private PostgresAccount((uint User, uint Group)? ids) => _ids = ids;

    public static async Task<Outcome<PostgresAccount>> ResolveAsync(TimeProvider time, CancellationToken cancellation)
    {
        if (!Environment.IsPrivilegedProcess || OperatingSystem.IsWindows())
        {
            return new PostgresAccount(null);
        }

        var said = "";
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            if (await IdsOfAsync(Name, time, cancellation) is { } own)
            {
                return new PostgresAccount(own);
            }

            var added = await Tool.RunAsync(
                ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", Name],
                "/", environment: null, s_limit, time, cancellation);
            said = added.Output;
            if (!added.Succeeded)
            {
                // Another process may hold the lock of the account database at this very moment.
                await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellation);
            }
        }

        return await IdsOfAsync("postgres", time, cancellation) is { } packaged
            ? new PostgresAccount(packaged)
            : new Failure(
                FailureKind.Unavailable,
                "postgres-needs-account",
                $"PostgreSQL refuses to run as root and the system account {Name} cannot be created ({said}). Create it, run Slipway as an ordinary user, or set SLIPWAY_DATABASE.");
    }

    /// <summary>The command, dressed so that it runs as this account.</summary>
    public IReadOnlyList<string> Run(params ReadOnlySpan<string> command)
    {
        if (_ids is not { } ids)
        {
            return [.. command];
        }

        return
        [
            "setpriv", string.Create(CultureInfo.InvariantCulture, $"--reuid={ids.User}"), string.Create(CultureInfo.InvariantCulture, $"--regid={ids.Group}"),
            "--clear-groups", "--no-new-privs", "--", .. command,
        ];
    }

    /// <summary>Gives a file or folder to this account.</summary>
    public void Own(string path)
    {
        if (_ids is { } ids && LibC.ChangeOwner(path, ids.User, ids.Group) != 0)
        {
            throw new IOException($"{path} cannot be given to {Name}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>The same for a folder and everything in it.</summary>
    public void OwnAll(string folder)
    {
        Own(folder);
        foreach (var path in Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories))
        {
            Own(path);
        }
    }

    private static async Task<(uint User, uint Group)?> IdsOfAsync(string name, TimeProvider time, CancellationToken cancellation)
    {
        var user = await Tool.RunAsync(["id", "-u", name], "/", environment: null, s_limit, time, cancellation);
        var group = await Tool.RunAsync(["id", "-g", name], "/", environment: null, s_limit, time, cancellation);
        return user.Succeeded && group.Succeeded
            ? (uint.Parse(user.Output, CultureInfo.InvariantCulture), uint.Parse(group.Output, CultureInfo.InvariantCulture))
            : null;
    }
}
