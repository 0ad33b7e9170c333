using Slipway.Runtime.Cgroups;
using Slipway.Runtime.Instances;
using Slipway.Runtime.Process.Native;

namespace Slipway.Runtime.Process;

/// <summary>
/// Puts the house in order after an earlier life: what lives and was acknowledged is adopted, what has ended is reported,
/// and every half start, stray process, group and folder that belongs to nobody is removed.
/// </summary>
internal static class Adoption
{
    private const int TriesMax = 400;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Those that live come with their process and still have to begin; the others have ended.</summary>
    public static async Task<IReadOnlyList<(ProcessInstance Instance, ProcessIdentity? Process)>> RunAsync(Machine machine, Announcer<InstanceState> announcer, CancellationToken cancellation)
    {
        var adopted = new List<(ProcessInstance Instance, ProcessIdentity? Process)>();
        var ended = new List<ProcessInstance>();
        var halves = new List<(string Id, InstanceRecord? Record)>();
        foreach (var path in Directory.GetDirectories(machine.InstancesFolder))
        {
            var id = Path.GetFileName(path);
            var record = new InstanceFolder(path).Read();
            if (record is null || record.Spec.Id != id || (record.Pid is null && record.End is null))
            {
                halves.Add((id, record));
                continue;
            }

            if (record is { End: null, Account: { } user })
            {
                machine.Users.Retake(user, record.Spec.Namespace);
            }

            var groups = CgroupProbe.Open(record.Groups);
            if (record.End is null && IsAlive(record))
            {
                var environment = ProcFs.EnvironmentOf(record.Pid!.Value);
                record = record with { Spec = record.Spec with { Environment = environment } };
                if (record.Port is { } port)
                {
                    machine.Ports.Retake(port);
                }

                machine.Logs.Attach(id);
                adopted.Add((new ProcessInstance(machine, announcer, groups, record, new LaunchPlan([], environment, record.WorkingDirectory)), record.Process));
                continue;
            }

            ended.Add(new ProcessInstance(machine, announcer, groups, record, new LaunchPlan([], [], record.WorkingDirectory)));
        }

        var live = adopted.Select(found => found.Instance.Id).ToHashSet(StringComparer.Ordinal);
        var strays = await KillStraysAsync(machine, live, cancellation).ConfigureAwait(false);
        foreach (var (id, record) in halves)
        {
            await RemoveGroupAsync(record is null ? machine.Groups : CgroupProbe.Open(record.Groups), machine, id, cancellation).ConfigureAwait(false);
            machine.Mounts.Remove(id, record?.Account);
            machine.FolderOf(id).Remove(record?.Account);
        }

        foreach (var id in machine.Groups.Existing().Where(id => !live.Contains(id)).ToList())
        {
            // Groups of those that have ended still tell whether memory was the reason; their end removes them.
            if (ended.All(instance => instance.Id != id))
            {
                await RemoveGroupAsync(machine.Groups, machine, id, cancellation).ConfigureAwait(false);
            }
        }

        foreach (var instance in ended.Where(instance => !instance.HasEnded))
        {
            machine.Logs.Attach(instance.Id);
            await instance.EndAsync().ConfigureAwait(false);
        }

        machine.Mounts.Keep(live);
        machine.Logger.Adopted(adopted.Count, ended.Count, halves.Count + strays);
        return [.. adopted, .. ended.Select(instance => (instance, (ProcessIdentity?)null))];
    }

    private static bool IsAlive(InstanceRecord record) =>
        record.BootId == ProcFs.BootId
        && record.Process is { } process
        && IsAlive(process);

    /// <summary>Kills processes that carry our mark but belong to no live instance, until none is left.</summary>
    private static async Task<int> KillStraysAsync(Machine machine, HashSet<string> live, CancellationToken cancellation)
    {
        var killed = new HashSet<ProcessIdentity>();
        while (true)
        {
            var strays = ProcFs.Pids()
                .Where(pid => Marks.Read(pid) is { } mark && mark.Node == machine.Options.Node && !live.Contains(mark.InstanceId))
                .Where(pid => ProcFs.Read(pid) is { IsAlive: true })
                .ToList();
            if (strays.Count == 0)
            {
                await BuryAsync(machine, killed, cancellation).ConfigureAwait(false);
                return killed.Count;
            }

            foreach (var pid in strays)
            {
                // A frozen or stopped process dies only when it runs again.
                if (Marks.Read(pid) is { } mark)
                {
                    machine.Groups.TryFreeze(mark.InstanceId, frozen: false);
                }

                Kill(pid, killed);
            }

            await Task.Delay(s_pause, machine.Time, cancellation).ConfigureAwait(false);
        }
    }

    private static async Task RemoveGroupAsync(ICgroupTree groups, Machine machine, string id, CancellationToken cancellation)
    {
        var killed = new HashSet<ProcessIdentity>();
        for (var tries = 0; tries < TriesMax && !groups.TryRemove(id); tries++)
        {
            groups.TryFreeze(id, frozen: false);
            groups.Kill(id);
            foreach (var pid in groups.Members(id))
            {
                Kill(pid, killed);
            }

            await Task.Delay(s_pause, machine.Time, cancellation).ConfigureAwait(false);
        }

        await BuryAsync(machine, killed, cancellation).ConfigureAwait(false);
    }

    private static void Kill(int pid, HashSet<ProcessIdentity> killed)
    {
        if (ProcFs.Identify(pid) is { } identity)
        {
            killed.Add(identity);
        }

        _ = LibC.Kill(pid, LibC.SigKill);
    }

    /// <summary>The dying lose their mark and leave their group a moment before they are dead.</summary>
    private static async Task BuryAsync(Machine machine, HashSet<ProcessIdentity> killed, CancellationToken cancellation)
    {
        for (var tries = 0; tries < TriesMax && killed.Any(IsAlive); tries++)
        {
            await Task.Delay(s_pause, machine.Time, cancellation).ConfigureAwait(false);
        }
    }

    private static bool IsAlive(ProcessIdentity process) =>
        ProcFs.Read(process.Pid) is { IsAlive: true } status && status.Identity == process;
}
