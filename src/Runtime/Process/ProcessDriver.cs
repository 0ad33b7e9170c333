using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Model.Failures;
using Slipway.Runtime.Cgroups;
using Slipway.Runtime.Instances;
using Slipway.Runtime.Logs;
using Slipway.Runtime.Process.Native;

namespace Slipway.Runtime.Process;

/// <summary>
/// Runs unpacked host-process artifacts directly on this machine, each in a session of its own, in its own control group
/// where the host allows and as its own user when we are root. Instances outlive slipwayd, however it ends; the next
/// life finds them through their records and marks.
/// </summary>
public sealed partial class ProcessDriver : IInstanceDriver, IDisposable
{
    private const int NoSpaceLeft = 28;
    private const int QuotaExceeded = 122;

    private readonly Machine _machine;
    private readonly Announcer<InstanceState> _announcer = new();
    private readonly ConcurrentDictionary<string, ProcessInstance?> _instances = new(StringComparer.Ordinal);
    private readonly FileStream _lock;

    /// <param name="logs">Collects what instances write; it must use the same state folder.</param>
    public ProcessDriver(ProcessDriverOptions options, FileInstanceLogs logs, TimeProvider time, ILogger<ProcessDriver>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Directory.CreateDirectory(options.StateFolder);

        // Two drivers over one folder would adopt and kill each other's instances.
        _lock = new FileStream(Path.Combine(options.StateFolder, "driver.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            _machine = new Machine(options, logs, time, logger ?? NullLogger<ProcessDriver>.Instance);
        }
        catch
        {
            _lock.Dispose();
            throw;
        }

        Capabilities = new DriverCapabilities(
            CanFreeze: true,
            _machine.Groups.LimitsMemory,
            _machine.Groups.LimitsCpu,
            _machine.IsolatesUsers,
            _machine.Words());
    }

    public event Action<InstanceState>? Changed
    {
        add => _announcer.Changed += value;
        remove => _announcer.Changed -= value;
    }

    public string Name => "process";

    public DriverCapabilities Capabilities { get; }

    internal Machine Machine => _machine;

    public async Task<IReadOnlyList<InstanceState>> AdoptAsync(CancellationToken cancellation)
    {
        var found = await Adoption.RunAsync(_machine, _announcer, cancellation).ConfigureAwait(false);
        foreach (var (instance, _) in found)
        {
            _instances[instance.Id] = instance;
        }

        // Only now, since the news of an instance makes others ask for it.
        foreach (var (instance, process) in found)
        {
            if (process is { } live)
            {
                instance.Begin(live, ownChild: false);
            }
        }

        return List();
    }

    public async Task<Outcome<InstanceState>> StartAsync(InstanceSpec spec, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(spec);
        cancellation.ThrowIfCancellationRequested();
        if (!InstanceId.IsMatch(spec.Id))
        {
            return new Failure(FailureKind.Invalid, "instance-id-invalid", $"'{spec.Id}' is no instance id: lower-case letters, digits, '-' and '.', at most 253 of them, beginning and ending with a letter or digit.");
        }

        if (!_instances.TryAdd(spec.Id, null))
        {
            return new Failure(FailureKind.AlreadyExists, "instance-exists", $"An instance '{spec.Id}' exists already; ids are used once.");
        }

        // Once begun, a start is carried through: half a start would have to be found again.
        var outcome = await Task.Run(() => StartNow(spec), CancellationToken.None).ConfigureAwait(false);
        if (!outcome.Succeeded)
        {
            _instances.TryRemove(spec.Id, out _);
            return outcome.Failure!;
        }

        return outcome.Value.State;
    }

    public Task StopAsync(string instanceId, TimeSpan grace, CancellationToken cancellation) =>
        Find(instanceId)?.StopAsync(grace, cancellation) ?? Task.CompletedTask;

    public Task<bool> FreezeAsync(string instanceId, CancellationToken cancellation) =>
        Find(instanceId)?.FreezeAsync(cancellation) ?? Task.FromResult(false);

    public Task<bool> ThawAsync(string instanceId, CancellationToken cancellation) =>
        Find(instanceId)?.ThawAsync(cancellation) ?? Task.FromResult(false);

    public IReadOnlyList<InstanceState> List()
    {
        var states = new List<InstanceState>();
        foreach (var (_, instance) in _instances)
        {
            if (instance is not null)
            {
                states.Add(instance.State);
            }
        }

        return states;
    }

    public Task ForgetAsync(string instanceId, CancellationToken cancellation)
    {
        if (Find(instanceId) is { HasEnded: true } instance && _instances.TryRemove(instanceId, out _))
        {
            instance.Forget();
        }

        return Task.CompletedTask;
    }

    public InstanceUsage? Measure(string instanceId) => Find(instanceId)?.Measure();

    public Task<Outcome<int>> ExecuteAsync(string instanceId, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancellation) =>
        Find(instanceId) is { } instance
            ? instance.ExecuteAsync(command, timeout, cancellation)
            : Task.FromResult<Outcome<int>>(new Failure(FailureKind.NotFound, "instance-not-running", $"No instance '{instanceId}' runs here."));

    public Task<bool> WriteFileAsync(string instanceId, MountedFile file, CancellationToken cancellation) =>
        Find(instanceId)?.WriteFileAsync(file, cancellation) ?? Task.FromResult(false);

    public Task<bool> EndCpuBoostAsync(string instanceId, CancellationToken cancellation) =>
        Task.FromResult(Find(instanceId)?.EndCpuBoost() ?? false);

    /// <summary>Lets go of the instances without touching them.</summary>
    public void Dispose()
    {
        _machine.Dispose();
        _lock.Dispose();
    }

    private ProcessInstance? Find(string instanceId) => _instances.TryGetValue(instanceId, out var instance) ? instance : null;

    private Outcome<ProcessInstance> StartNow(InstanceSpec spec)
    {
        var port = spec.Serves ? _machine.Ports.Take() : null;
        if (spec.Serves && port is null)
        {
            var options = _machine.Options;
            return new Failure(FailureKind.Exhausted, "no-free-port", $"All ports from {options.PortFirst} to {options.PortFirst + options.PortCount - 1} are taken. Widen the range of the process driver.");
        }

        var user = _machine.Users.Take(spec);
        if (!user.Succeeded)
        {
            _machine.Ports.Release(port);
            return user.Failure!;
        }

        var outcome = StartWith(spec, port, user.Value);
        if (!outcome.Succeeded)
        {
            _machine.Ports.Release(port);
            _machine.Users.Release(user.Value);
        }

        return outcome;
    }

    private Outcome<ProcessInstance> StartWith(InstanceSpec spec, int? port, InstanceUser? user)
    {
        var folder = _machine.FolderOf(spec.Id);
        var setting = new LaunchSetting(_machine.Options.Node, port, folder.Home, _machine.Mounts.FolderOf(spec.Id), _machine.Inherited);
        var planned = LaunchPlan.Make(spec, setting, File.Exists, Directory.Exists);
        if (!planned.Succeeded)
        {
            return planned.Failure!;
        }

        if (user is not null && Traversal.FirstClosed(planned.Value.WorkingDirectory) is { } closed)
        {
            return new Failure(FailureKind.Invalid, "image-not-runnable", $"Instances run as users of their own and cannot enter {closed}. Run 'chmod o+x {closed}'.");
        }

        try
        {
            var outcome = Launch(spec, port, user, folder, planned.Value);
            if (!outcome.Succeeded)
            {
                CleanUp(spec.Id, folder, user);
            }

            return outcome;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            CleanUp(spec.Id, folder, user);
            return exception.HResult is NoSpaceLeft or QuotaExceeded
                ? new Failure(FailureKind.Exhausted, "disk-full", $"No space is left for instance '{spec.Id}': {exception.Message}")
                : new Failure(FailureKind.Unavailable, "state-unwritable", $"The files of instance '{spec.Id}' could not be written: {exception.Message}");
        }
    }

    private Outcome<ProcessInstance> Launch(InstanceSpec spec, int? port, InstanceUser? user, InstanceFolder folder, LaunchPlan plan)
    {
        var record = new InstanceRecord
        {
            Spec = spec,
            BootId = ProcFs.BootId,
            CreatedAt = _machine.Time.GetUtcNow(),
            WorkingDirectory = plan.WorkingDirectory,
            Groups = _machine.Groups.Location,
            Port = port,
            User = user?.Id,
            Group = user?.Group,
        };

        // From here on a crash leaves a record without a process id: the next life removes whatever there is of it.
        folder.Create(user);
        folder.Write(record);
        _machine.Mounts.LayOut(spec, folder, user);
        _machine.Logs.Attach(spec.Id);
        _machine.Groups.Create(spec.Id, new ResourceLimits(spec.CpuBoostLimit ?? spec.CpuLimit, spec.CpuRequest, spec.MemoryLimitBytes, spec.ProcessesMax ?? _machine.Options.ProcessesMax));
        var launched = _machine.Launcher.Launch(new LaunchOrder(
            plan,
            user,
            _machine.Groups.JoinFiles(spec.Id),
            Path.Combine(folder.Logs, FileInstanceLogs.OutputFile),
            Path.Combine(folder.Logs, FileInstanceLogs.ErrorFile)));
        if (!launched.Succeeded)
        {
            return launched.Failure!;
        }

        var instance = new ProcessInstance(_machine, _announcer, _machine.Groups, record, plan);

        // Not reaped yet, so the process has its entry in /proc even if it is dead already.
        var process = ProcFs.Identify(launched.Value) ?? new ProcessIdentity(launched.Value, 0);
        _instances[spec.Id] = instance;
        instance.Begin(process, ownChild: true);
        return instance;
    }

    private void CleanUp(string instanceId, InstanceFolder folder, InstanceUser? user)
    {
        _machine.Logs.Detach(instanceId);
        _machine.Groups.TryRemove(instanceId);
        _machine.Mounts.Remove(instanceId, user);
        folder.Remove(user);
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$", RegexOptions.CultureInvariant)]
    private static partial Regex InstanceId { get; }
}
