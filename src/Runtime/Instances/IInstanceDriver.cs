using System.Net;
using Slipway.Model.Failures;

namespace Slipway.Runtime.Instances;

/// <summary>
/// Starts, stops, freezes and inspects instances. A driver keeps no opinion about how many there should be; it keeps
/// them alive across a crash of the control plane and finds them again.
/// </summary>
public interface IInstanceDriver
{
    string Name { get; }

    DriverCapabilities Capabilities { get; }

    /// <summary>
    /// Finds the instances an earlier life of the control plane has left and adopts them; cleans up what is half-dead.
    /// Called once before anything else.
    /// </summary>
    Task<IReadOnlyList<InstanceState>> AdoptAsync(CancellationToken cancellation);

    /// <summary>
    /// Starts one instance. Returns as soon as its process exists: readiness comes from probes. Failure codes:
    /// <c>image-not-runnable</c>, <c>image-missing</c>, <c>spawn-failed</c>, <c>no-free-port</c>, <c>state-unwritable</c>, <c>disk-full</c>,
    /// <c>root-not-allowed</c>, <c>user-not-allowed</c>.
    /// </summary>
    Task<Outcome<InstanceState>> StartAsync(InstanceSpec spec, CancellationToken cancellation);

    /// <summary>preStop, SIGTERM, grace, SIGKILL for the whole instance; thaws it first. Completes when nothing of it is left. Repeating it is harmless.</summary>
    Task StopAsync(string instanceId, TimeSpan grace, CancellationToken cancellation);

    /// <summary>Takes the CPU away until <see cref="ThawAsync"/>. The caller has made sure that nothing is in flight.</summary>
    Task<bool> FreezeAsync(string instanceId, CancellationToken cancellation);

    Task<bool> ThawAsync(string instanceId, CancellationToken cancellation);

    /// <summary>The present picture: every instance that runs, and those that ended until <see cref="ForgetAsync"/>.</summary>
    IReadOnlyList<InstanceState> List();

    /// <summary>Drops the record, files and logs of an instance that has ended.</summary>
    Task ForgetAsync(string instanceId, CancellationToken cancellation);

    /// <summary>What it uses now; null when it is gone.</summary>
    InstanceUsage? Measure(string instanceId);

    /// <summary>Runs a command beside the instance (exec probes, preStop) with its environment and user; returns its exit code.</summary>
    Task<Outcome<int>> ExecuteAsync(string instanceId, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancellation);

    /// <summary>
    /// Replaces a mounted file of a live instance, or adds it. A reader sees the old content or the new one, never a
    /// part. False when the instance does not run or the file cannot be written.
    /// </summary>
    Task<bool> WriteFileAsync(string instanceId, MountedFile file, CancellationToken cancellation);

    /// <summary>
    /// Lowers the CPU limit from <see cref="InstanceSpec.CpuBoostLimit"/> to <see cref="InstanceSpec.CpuLimit"/>. Repeating it
    /// is harmless; false when the instance does not run or the host refuses.
    /// </summary>
    Task<bool> EndCpuBoostAsync(string instanceId, CancellationToken cancellation);

    /// <summary>Raised after the state of an instance changed (started, exited, frozen, thawed). Handlers return quickly.</summary>
    event Action<InstanceState>? Changed;
}

/// <param name="Limits">What is enforced and what is not, in words for <c>slipway status</c>.</param>
public sealed record DriverCapabilities(bool CanFreeze, bool EnforcesMemory, bool EnforcesCpu, bool IsolatesUsers, IReadOnlyList<string> Limits);

/// <summary>Everything needed to run one instance. Already resolved: no references to secrets or config maps are left.</summary>
public sealed record InstanceSpec
{
    /// <summary>Unique, also as a file and host name: <c>{revision}-deployment-{suffix}</c> or <c>{job}-{suffix}</c>.</summary>
    public required string Id { get; init; }

    public required string Namespace { get; init; }

    /// <summary>Name and uid of the Revision or Job it belongs to; the driver only remembers them.</summary>
    public required string Owner { get; init; }

    public required string OwnerUid { get; init; }

    /// <summary><c>Revision</c> or <c>Job</c>.</summary>
    public required string OwnerKind { get; init; }

    public required string ContainerName { get; init; }

    /// <summary>Digest reference of the image: <c>repo@sha256:…</c>.</summary>
    public required string Image { get; init; }

    /// <summary>The unpacked image and what its config says to run.</summary>
    public required RunnableImage Runnable { get; init; }

    public IReadOnlyList<string> Command { get; init; } = [];

    public IReadOnlyList<string> Arguments { get; init; } = [];

    public string? WorkingDirectory { get; init; }

    /// <summary>In order; later entries win. The driver adds PORT for instances that serve.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>Whether a port is allocated and given as PORT (services: yes, jobs: no).</summary>
    public bool Serves { get; init; } = true;

    public double? CpuLimit { get; init; }

    /// <summary>Instead of <see cref="CpuLimit"/> from the start on, until <see cref="IInstanceDriver.EndCpuBoostAsync"/>.</summary>
    public double? CpuBoostLimit { get; init; }

    public double? CpuRequest { get; init; }

    public long? MemoryLimitBytes { get; init; }

    /// <summary>The user and group it asks to be; a driver that cannot grant that refuses the start.</summary>
    public int? RunAsUser { get; init; }

    public int? RunAsGroup { get; init; }

    /// <summary>It may not start as root.</summary>
    public bool RunAsNonRoot { get; init; }

    public int? ProcessesMax { get; init; }

    /// <summary>Files to lay out under the instance's own folder before it starts (secret and config volumes).</summary>
    public IReadOnlyList<MountedFile> Files { get; init; } = [];

    /// <summary>
    /// Which of the files are tokens that somebody replaces before they expire. The driver only remembers it; the first
    /// tokens are among <see cref="Files"/>.
    /// </summary>
    public IReadOnlyList<TokenFile> Tokens { get; init; } = [];

    /// <summary>Empty folders the instance may write to and that end with it (emptyDir volumes).</summary>
    public IReadOnlyList<MountedFolder> Folders { get; init; } = [];

    public InstanceProbe? StartupProbe { get; init; }

    public InstanceProbe? ReadinessProbe { get; init; }

    public InstanceProbe? LivenessProbe { get; init; }

    public IReadOnlyList<string> PreStopCommand { get; init; } = [];

    public bool Http2 { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}

/// <param name="Root">Folder with the unpacked image.</param>
/// <param name="HostProcess">The image says it is an artifact to run directly on the host; others need a container driver.</param>
public sealed record RunnableImage(
    string Root,
    bool HostProcess,
    IReadOnlyList<string> Entrypoint,
    IReadOnlyList<string> Cmd,
    IReadOnlyList<KeyValuePair<string, string>> Environment,
    string? WorkingDirectory,
    string? User);

/// <param name="Path">Absolute path as the manifest names it; the process driver maps it below the instance's folder.</param>
public sealed record MountedFile(string Path, ReadOnlyMemory<byte> Content, int Mode);

/// <param name="Audience">Whom the token is for; null means the platform's own API.</param>
public sealed record TokenFile(string Path, string Account, string? Audience, TimeSpan Lifetime, int Mode);

/// <summary>A place of a writable volume. Places of one volume share its content.</summary>
/// <param name="Path">Absolute path as the manifest names it, mapped like those of files.</param>
/// <param name="SubPath">The part of the volume that appears there; empty for all of it.</param>
/// <param name="InMemory">Its content is kept in memory where the host can.</param>
/// <param name="SizeLimitBytes">The most the whole volume may hold; the instance is ended when it holds more.</param>
public sealed record MountedFolder(string Path, string Volume, string SubPath, bool InMemory, long? SizeLimitBytes);

public enum ProbeHandler
{
    Tcp,
    Http,
    Exec,
    Grpc,
}

public sealed record InstanceProbe
{
    public required ProbeHandler Handler { get; init; }

    /// <summary>0 means the serving port.</summary>
    public int Port { get; init; }

    public string Path { get; init; } = "/";

    public string Scheme { get; init; } = "http";

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public IReadOnlyList<string> Command { get; init; } = [];

    public string GrpcService { get; init; } = "";

    public TimeSpan InitialDelay { get; init; }

    /// <summary>Zero is start-up mode: try in a tight loop until success, then every ten seconds.</summary>
    public TimeSpan Period { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    public int SuccessThreshold { get; init; } = 1;

    public int FailureThreshold { get; init; } = 3;
}

public enum InstancePhase
{
    Starting,
    Running,
    Frozen,
    Stopping,
    Exited,
}

/// <summary>What a driver knows about one instance at one moment.</summary>
public sealed record InstanceState
{
    public required InstanceSpec Spec { get; init; }

    public required InstancePhase Phase { get; init; }

    public int ProcessId { get; init; }

    public IPEndPoint? Address { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExitedAt { get; init; }

    public int? ExitCode { get; init; }

    /// <summary><c>Completed</c>, <c>Error</c>, <c>OOMKilled</c>, <c>Evicted</c> or <c>Killed</c> once it has ended.</summary>
    public string? ExitReason { get; init; }

    /// <summary>The last lines it wrote, for the condition of a revision that failed to start.</summary>
    public string? ExitMessage { get; init; }

    public string Id => Spec.Id;
}

/// <summary>Cumulative counters and the present size, as the kernel tells them.</summary>
public sealed record InstanceUsage(TimeSpan CpuTime, long MemoryBytes, int Processes, long DiskBytes);
