using System.Net;
using Slipway.Model.Failures;
using Slipway.Runtime.Cgroups;
using Slipway.Runtime.Instances;
using Slipway.Runtime.Process.Native;

namespace Slipway.Runtime.Process;

/// <summary>
/// One instance from its first process to its end. Freezing, thawing and stopping take turns; the end may come at any
/// moment and wins over all of them.
/// </summary>
internal sealed partial class ProcessInstance : IDisposable
{
    private const int TailLines = 20;

    // Enough to close files; a program that fills a disk gets no time to fill it further.
    private static readonly TimeSpan s_evictionGrace = TimeSpan.FromSeconds(1);

    private readonly Machine _machine;
    private readonly Announcer<InstanceState> _announcer;
    private readonly ICgroupTree _groups;
    private readonly InstanceFolder _folder;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _gate = new();
    private readonly LaunchPlan _plan;
    private readonly InstanceVolumes _volumes;
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private InstanceRecord _record;
    private InstanceMembers _members;
    private InstanceState _state;
    private CancellationTokenSource? _grace;
    private DateTimeOffset _killAt = DateTimeOffset.MaxValue;
    private Task? _stopping;
    private bool _stopAsked;
    private bool _killed;
    private string? _evicted;

    public ProcessInstance(Machine machine, Announcer<InstanceState> announcer, ICgroupTree groups, InstanceRecord record, LaunchPlan plan)
    {
        _machine = machine;
        _announcer = announcer;
        _groups = groups;
        _record = record;
        _plan = plan;
        _folder = machine.FolderOf(record.Spec.Id);
        _volumes = new InstanceVolumes(machine, record.Spec.Id, record.Account);

        // Until there is a process of ours, no session may be mistaken for it: pids are given again.
        _members = new InstanceMembers(groups, machine.Options.Node, record.Spec.Id, main: null);
        _state = new InstanceState
        {
            Spec = record.Spec,
            Phase = record.End is null ? InstancePhase.Starting : InstancePhase.Exited,
            ProcessId = record.Pid ?? 0,
            Address = record.Port is { } port ? new IPEndPoint(IPAddress.Loopback, port) : null,
            CreatedAt = record.CreatedAt,
            ExitedAt = record.End?.At,
            ExitCode = record.End?.Code,
            ExitReason = record.End?.Reason,
            ExitMessage = record.End?.Message,
        };
    }

    public string Id => _state.Id;

    public InstanceState State
    {
        get
        {
            lock (_gate)
            {
                return _state;
            }
        }
    }

    public bool HasEnded => State.Phase == InstancePhase.Exited;

    /// <summary>The process exists: from now on it is watched.</summary>
    public void Begin(ProcessIdentity process, bool ownChild)
    {
        _record = _record with { Pid = process.Pid, StartTime = process.StartTime };
        _members = new InstanceMembers(_groups, _machine.Options.Node, Id, process);
        if (ownChild)
        {
            WriteRecord();
        }
        else
        {
            // Whatever it was doing when we died, it runs now; the control plane freezes it again when it is idle.
            _groups.TryFreeze(Id, frozen: false);
            _members.SignalGroupFirst(LibC.SigCont);
        }

        Become(state => state with { Phase = InstancePhase.Running, ProcessId = process.Pid });
        _ = WatchAsync(_machine.Exits.WatchAsync(process, ownChild));
        _ = Task.Run(GuardVolumesAsync);
        _announcer.Deliver();
    }

    /// <summary>A second call may shorten the grace of the first, never lengthen it.</summary>
    public Task StopAsync(TimeSpan grace, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_state.Phase == InstancePhase.Exited)
            {
                return Task.CompletedTask;
            }

            var killAt = _machine.Time.GetUtcNow() + grace;
            _grace ??= new CancellationTokenSource(Timeout.InfiniteTimeSpan, _machine.Time);
            if (killAt < _killAt)
            {
                _killAt = killAt;
                _grace.CancelAfter(grace);
            }

            _stopping ??= Task.Run(() => StopNowAsync(_grace.Token), CancellationToken.None);
        }

        return _gone.Task.WaitAsync(cancellation);
    }

    public InstanceUsage? Measure()
    {
        if (State.Phase is InstancePhase.Starting or InstancePhase.Exited)
        {
            return null;
        }

        var usage = _groups.Measure(Id);
        var cpu = usage.CpuTime ?? TimeSpan.Zero;
        var memory = usage.MemoryBytes ?? 0;
        var processes = usage.Processes ?? 0;
        if (usage.CpuTime is null || usage.MemoryBytes is null || usage.Processes is null)
        {
            List<ProcessStatus> statuses = [.. _members.Find().Select(ProcFs.Read).OfType<ProcessStatus>()];
            cpu = usage.CpuTime ?? statuses.Aggregate(TimeSpan.Zero, (sum, status) => sum + status.CpuTime);
            memory = usage.MemoryBytes ?? statuses.Sum(status => status.MemoryBytes);
            processes = usage.Processes ?? statuses.Count;
        }

        return new InstanceUsage(cpu, memory, processes, DiskUse.Of(_folder.Home) + DiskUse.Of(_folder.Volumes));
    }

    public async Task<Outcome<int>> ExecuteAsync(IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancellation)
    {
        if (State.Phase is InstancePhase.Starting or InstancePhase.Exited)
        {
            return new Failure(FailureKind.NotFound, "instance-not-running", $"Instance '{Id}' does not run.");
        }

        if (command.Count == 0)
        {
            return new Failure(FailureKind.Invalid, "command-empty", "The command is empty: name at least a program.");
        }

        var launched = _machine.Launcher.Launch(new LaunchOrder(_plan with { Argv = command }, _record.Account, Joins(), null, null));
        if (!launched.Succeeded)
        {
            return launched.Failure!;
        }

        var pid = launched.Value;
        var exit = _machine.Exits.WatchAsync(ProcFs.Identify(pid) ?? new ProcessIdentity(pid, 0), ownChild: true);
        try
        {
            return (await exit.WaitAsync(timeout, _machine.Time, cancellation).ConfigureAwait(false)).Code ?? 0;
        }
        catch (TimeoutException)
        {
            return new Failure(FailureKind.Unavailable, "command-timeout", $"'{command[0]}' did not end within {timeout.TotalSeconds:0.###} s.");
        }
        finally
        {
            if (!exit.IsCompleted)
            {
                _ = LibC.Kill(-pid, LibC.SigKill);
            }
        }
    }

    public Task<bool> WriteFileAsync(MountedFile file, CancellationToken cancellation) =>
        State.Phase is InstancePhase.Starting or InstancePhase.Exited
            ? Task.FromResult(false)
            : Task.Run(() => _volumes.TryReplace(file), cancellation);

    /// <summary>Without a limit that is enforced there is nothing to lower.</summary>
    public bool EndCpuBoost() =>
        State is { Phase: not (InstancePhase.Starting or InstancePhase.Exited), Spec: var spec }
        && (spec.CpuBoostLimit is null || spec.CpuLimit is null || !_groups.LimitsCpu || _groups.TrySetCpu(Id, spec.CpuLimit.Value));

    public void Forget()
    {
        _machine.Logs.Detach(Id);
        _folder.Remove(_record.Account);
        Dispose();
    }

    public void Dispose()
    {
        _turn.Dispose();
        _grace?.Dispose();
    }

    /// <summary>The end of an instance that ended while nobody watched.</summary>
    public Task EndAsync() => EndAsync(null);

    private IReadOnlyList<string> Joins() => _groups.JoinFiles(Id);

    private async Task StopNowAsync(CancellationToken graceOver)
    {
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (State.Phase == InstancePhase.Frozen && !_groups.TryFreeze(Id, frozen: false))
            {
                _members.SignalGroupFirst(LibC.SigCont);
            }

            Become(state => state.Phase == InstancePhase.Exited ? state : state with { Phase = InstancePhase.Stopping });
        }
        finally
        {
            _turn.Release();
            _announcer.Deliver();
        }

        if (_record.Spec.PreStopCommand.Count > 0 && !HasEnded)
        {
            await PrepareStopAsync(graceOver).ConfigureAwait(false);
        }

        _stopAsked = true;
        _members.Signal(LibC.SigTerm);
        try
        {
            await _gone.Task.WaitAsync(graceOver).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            if (!_gone.Task.IsCompleted && _members.Find().Contains(_record.Pid!.Value))
            {
                _killed = true;
            }

            await _members.KillAllAsync(_machine.Time, CancellationToken.None).ConfigureAwait(false);
            await _gone.Task.ConfigureAwait(false);
        }
    }

    private async Task PrepareStopAsync(CancellationToken graceOver)
    {
        try
        {
            var result = await ExecuteAsync(_record.Spec.PreStopCommand, Timeout.InfiniteTimeSpan, graceOver).ConfigureAwait(false);
            if (!result.Succeeded || result.Value != 0)
            {
                _machine.Logger.PreStopFailed(Id, result.Failure?.Detail ?? $"exit code {result.Value}");
            }
        }
        catch (OperationCanceledException)
        {
            _machine.Logger.PreStopFailed(Id, "it used up the whole grace period");
        }
    }

    private async Task WatchAsync(Task<ProcessExit> exit)
    {
        try
        {
            await EndAsync((await exit.ConfigureAwait(false)).Code).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Nobody awaits this task; a lost end would leave an instance that can never be replaced.
            _machine.Logger.EndFailed(Id, exception);
        }
    }

    private async Task EndAsync(int? code)
    {
        // The instance is its main process: what that leaves behind goes with it.
        await _members.KillAllAsync(_machine.Time, CancellationToken.None).ConfigureAwait(false);

        var (reason, message) = ExitVerdict.Decide(code, _groups.OutOfMemoryKills(Id) > 0, _stopAsked, _killed, _evicted);
        await RemoveGroupAsync().ConfigureAwait(false);
        var tail = _machine.Logs.Seal(Id, TailLines);
        _volumes.Remove();
        _machine.Ports.Release(_record.Port);
        _machine.Users.Release(_record.Account);

        var end = new InstanceEnd(_machine.Time.GetUtcNow(), code, reason, tail is null ? message : message is null ? tail : $"{message}\n{tail}");
        _record = _record with { End = end };
        WriteRecord();
        Become(state => state with
        {
            Phase = InstancePhase.Exited,
            ExitedAt = end.At,
            ExitCode = end.Code,
            ExitReason = end.Reason,
            ExitMessage = end.Message,
        });
        _machine.Logger.InstanceEnded(Id, reason, code);
        _announcer.Deliver();
        _gone.TrySetResult();
    }

    private async Task GuardVolumesAsync()
    {
        try
        {
            if (await VolumeLimits.ExceededAsync(_machine, _record.Spec, _gone.Task).ConfigureAwait(false) is { } words)
            {
                _evicted = words;
                await StopAsync(s_evictionGrace, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // Nobody awaits this task; the instance goes on, only without its limit.
            _machine.Logger.VolumesUnguarded(Id, exception);
        }
    }

    private async Task RemoveGroupAsync()
    {
        // The kernel buries the dead a moment after it has told us of them.
        for (var tries = 0; tries < 200; tries++)
        {
            if (_groups.TryRemove(Id))
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), _machine.Time, CancellationToken.None).ConfigureAwait(false);
        }

        _machine.Logger.GroupNotRemoved(Id);
    }

    private InstanceState Become(Func<InstanceState, InstanceState> change)
    {
        lock (_gate)
        {
            var next = change(_state);
            if (!ReferenceEquals(next, _state))
            {
                _state = next;
                _announcer.Post(next);
            }

            return _state;
        }
    }

    private void WriteRecord()
    {
        try
        {
            _folder.Write(_record);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _machine.Logger.RecordNotWritten(Id, exception.Message);
        }
    }
}
