using Microsoft.Extensions.Logging;
using Slipway.Runtime.Cgroups;
using Slipway.Runtime.Logs;
using Slipway.Runtime.Process.Native;

namespace Slipway.Runtime.Process;

/// <summary>What the driver has of this machine, found out once at the start and shared by all instances.</summary>
internal sealed class Machine : IDisposable
{
    private readonly CancellationTokenSource _closed = new();

    public Machine(ProcessDriverOptions options, FileInstanceLogs logs, TimeProvider time, ILogger logger)
    {
        Options = options;
        Logs = logs;
        Time = time;
        Logger = logger;
        InstancesFolder = Path.Combine(Path.GetFullPath(options.StateFolder), "instances");
        Directory.CreateDirectory(InstancesFolder);
        File.SetUnixFileMode(InstancesFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        Groups = options.FindGroups(options.Node);
        Launcher = new Launcher(options.OpenFilesMax);
        Mounts = Mounts.Choose(options);
        var start = int.Parse(options.Node, System.Globalization.NumberStyles.HexNumber) & int.MaxValue;
        Ports = HostClaims.ForPorts(options.PortFirst, options.PortCount, start);
        ClosedFolder = Traversal.FirstClosed(InstancesFolder);
        IsolatesUsers = ThreadUser.IsSupported && ClosedFolder is null;
        Users = new InstanceUsers(
            HostClaims.ForUsers(options.UserFirst, options.UserCount, start),
            new UserRules(options.RootAllowed, options.HostUsersAllowed, options.UserFirst, options.UserCount),
            IsolatesUsers,
            IsolatesUsers || LibC.EffectiveUser() != 0 ? null : Unisolated());
        Inherited =
        [
            .. options.InheritedVariables
                .Select(name => KeyValuePair.Create(name, Environment.GetEnvironmentVariable(name) ?? ""))
                .Where(variable => variable.Value.Length > 0),
        ];
    }

    public ProcessDriverOptions Options { get; }

    public FileInstanceLogs Logs { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    public string InstancesFolder { get; }

    public ICgroupTree Groups { get; }

    /// <summary>Cancelled when the driver lets go of its instances.</summary>
    public CancellationToken Closed => _closed.Token;

    public Launcher Launcher { get; }

    public ExitWatcher Exits { get; } = new();

    public Mounts Mounts { get; }

    public HostClaims Ports { get; }

    public InstanceUsers Users { get; }

    /// <summary>Instances run as users of their own.</summary>
    public bool IsolatesUsers { get; }

    public IReadOnlyList<KeyValuePair<string, string>> Inherited { get; }

    private string? ClosedFolder { get; }

    public IReadOnlyList<string> Words() =>
    [
        .. Groups.Words,
        IsolatesUsers
            ? $"Each instance runs as a user of its own, unless its manifest or image names one ({Options.UserFirst}–{Options.UserFirst + Options.UserCount - 1})."
            : !ThreadUser.IsSupported
                ? "All instances run as the user of slipwayd, since it is not root."
                : Unisolated(),
        "Instances share the host's network and file system.",
    ];

    private string Unisolated() => ClosedFolder is null
        ? "All instances run as root: slipwayd cannot become other users on this kind of processor."
        : $"All instances run as root: other users cannot enter {ClosedFolder}. Run 'chmod o+x {ClosedFolder}' or move the state folder.";

    public InstanceFolder FolderOf(string instanceId) => new(Path.Combine(InstancesFolder, instanceId));

    public void Dispose()
    {
        _closed.Cancel();
        Exits.Dispose();
        Ports.Dispose();
        Users.Dispose();
        Groups.RemoveParents();
        Mounts.RemoveIfEmpty();
    }
}

internal static class Traversal
{
    /// <summary>The outermost folder on the way that other users cannot enter; null when the way is open.</summary>
    public static string? FirstClosed(string path)
    {
        var folders = new Stack<string>();
        for (var folder = Path.GetFullPath(path); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            folders.Push(folder);
        }

        return folders.FirstOrDefault(folder => !File.GetUnixFileMode(folder).HasFlag(UnixFileMode.OtherExecute));
    }
}
