using System.Globalization;
using Slipway.Runtime.Cgroups;
using Slipway.Runtime.Process.Native;

namespace Slipway.Runtime.Process;

/// <summary>All processes of an instance: its control group where there is one, else its session and whoever carries its mark.</summary>
/// <param name="main">The process it began with; null once only leftovers can be there, since pids are given again.</param>
internal sealed class InstanceMembers(ICgroupTree groups, string node, string instanceId, ProcessIdentity? main)
{
    // Twice the looks that a loaded machine needs to bury a few hundred processes.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan s_longPause = TimeSpan.FromMilliseconds(50);

    public IReadOnlyList<int> Find()
    {
        var members = groups.Location.Version == 0 ? Scan() : groups.Members(instanceId);
        var alive = members.Where(pid => ProcFs.Read(pid) is { IsAlive: true }).ToList();

        // In its first moments the main process has not joined its group yet.
        if (main is { } process && !alive.Contains(process.Pid) && ProcFs.Read(process.Pid) is { IsAlive: true } status && status.Identity == process)
        {
            alive.Add(process.Pid);
        }

        return alive;
    }

    public void Signal(int signal)
    {
        foreach (var pid in Find())
        {
            _ = LibC.Kill(pid, signal);
        }
    }

    /// <summary>Takes the CPU away or gives it back: the session's process group first, since it is nearly always everything.</summary>
    public void SignalGroupFirst(int signal)
    {
        if (main is { } process)
        {
            _ = LibC.Kill(-process.Pid, signal);
        }

        Signal(signal);
    }

    /// <summary>Kills until nothing is left, however fast it multiplies. A process stuck in the kernel is waited for.</summary>
    public async Task KillAllAsync(TimeProvider time, CancellationToken cancellation)
    {
        for (var looks = 0; ; looks++)
        {
            var members = Find();
            if (members.Count == 0)
            {
                return;
            }

            groups.TryFreeze(instanceId, frozen: false);
            groups.Kill(instanceId);
            foreach (var pid in members)
            {
                _ = LibC.Kill(pid, LibC.SigKill);
            }

            await Task.Delay(looks < 100 ? s_pause : s_longPause, time, cancellation).ConfigureAwait(false);
        }
    }

    private List<int> Scan()
    {
        var found = new List<int>();
        foreach (var pid in ProcFs.Pids())
        {
            if (ProcFs.Read(pid) is { } status && (status.Session == main?.Pid || IsMarked(pid)))
            {
                found.Add(pid);
            }
        }

        return found;
    }

    private bool IsMarked(int pid) => Marks.Read(pid) is { } mark && mark.Node == node && mark.InstanceId == instanceId;
}

/// <summary>The two variables by which processes of instances are known.</summary>
internal readonly record struct Marks(string Node, string InstanceId)
{
    public static Marks? Read(int pid)
    {
        string? node = null, instance = null;
        foreach (var (name, value) in ProcFs.EnvironmentOf(pid))
        {
            node = name == LaunchPlan.NodeVariable ? value : node;
            instance = name == LaunchPlan.InstanceVariable ? value : instance;
        }

        return node is not null && instance is not null ? new Marks(node, instance) : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{InstanceId}@{Node}");
}
