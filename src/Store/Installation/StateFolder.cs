using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Store.Installation;

/// <summary>
/// Where one installation keeps everything: <c>SLIPWAY_HOME</c>, else <c>.slipway</c> in the working folder.
/// Deleting the folder is a factory reset.
/// </summary>
public sealed class StateFolder(string root)
{
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>Address, token and certificate of the API for every Kubernetes client.</summary>
    public string Kubeconfig => Path.Combine(Root, "kubeconfig");

    public string AdminToken => Path.Combine(Root, "admin-token");

    /// <summary>What the server says of itself; see <see cref="InstallationStatus"/>.</summary>
    public string Status => Path.Combine(Root, "status.json");

    /// <summary>Held open by the one server that runs in this folder.</summary>
    public string ServerLock => Path.Combine(Root, "slipwayd.lock");

    /// <summary>Process id of the supervisor that <c>slipway up</c> started.</summary>
    public string Supervisor => Path.Combine(Root, "supervisor.json");

    public string EncryptionKey => Path.Combine(Root, "secrets.key");

    public string Snapshot => Path.Combine(Root, "routing-snapshot.json");

    public string Certificates => Path.Combine(Root, "certificates");

    /// <summary>Certificate authority of this installation, in PEM, for every client of the API.</summary>
    public string CertificateAuthority => Path.Combine(Certificates, "ca.crt");

    public string Logs => Path.Combine(Root, "logs");

    public string ServerLog => Path.Combine(Logs, "slipwayd.log");

    public string AccessLog => Path.Combine(Logs, "access.log");

    public string Registry => Path.Combine(Root, "registry");

    public string Instances => Path.Combine(Root, "instances");

    public string Decisions => Path.Combine(Root, "decisions");

    /// <summary>What telemetry keeps; deleting it loses the past and nothing else.</summary>
    public string Telemetry => Path.Combine(Root, "telemetry");

    public static StateFolder FromEnvironment() => Resolve(Environment.GetEnvironmentVariable("SLIPWAY_HOME"));

    /// <summary>
    /// The folder that was asked for, else the standard one. Root starts the database and the instances as other users,
    /// which cannot reach a working folder behind a closed door such as <c>/root</c>; then the system's place is used, one
    /// folder for each working folder.
    /// </summary>
    public static StateFolder Resolve(string? asked)
    {
        if (asked is { Length: > 0 })
        {
            return new StateFolder(asked);
        }

        var here = Directory.GetCurrentDirectory();
        if (!Environment.IsPrivilegedProcess || OperatingSystem.IsWindows() || IsOpenToOthers(here))
        {
            return new StateFolder(".slipway");
        }

        var mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(here)))[..8];
        return new StateFolder(Path.Combine("/var/lib/slipway", $"{Path.GetFileName(here)}-{mark}"));
    }

    [UnsupportedOSPlatform("windows")]
    private static bool IsOpenToOthers(string folder)
    {
        for (var at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            if (!File.GetUnixFileMode(at).HasFlag(UnixFileMode.OtherExecute))
            {
                return false;
            }
        }

        return true;
    }
}
