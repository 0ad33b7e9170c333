using System.Collections.Immutable;

namespace Slipway.Runtime.Cgroups;

/// <summary>Version 2: one hierarchy; freezing and killing come with the core, the limits with the controllers we were given.</summary>
/// <param name="parent">The folder of all instances.</param>
/// <param name="controllers">Those that are switched on for the children of <paramref name="parent"/>.</param>
internal sealed class CgroupV2(string parent, ImmutableArray<string> controllers) : ICgroupTree
{
    public static readonly IReadOnlyList<string> Controllers = ["cpu", "memory", "pids"];

    /// <summary>Stands for what needs no controller: freezing, killing and the list of members.</summary>
    public const string Core = "core";

    private const int LooksMax = 20_000;

    public CgroupLocation Location { get; } = new(2, controllers.Prepend(Core).ToDictionary(controller => controller, _ => parent));

    public bool CanFreeze => File.Exists(Path.Combine(parent, "cgroup.freeze"));

    public bool LimitsCpu => controllers.Contains("cpu");

    public bool LimitsMemory => controllers.Contains("memory");

    public bool LimitsProcesses => controllers.Contains("pids");

    public IReadOnlyList<string> Words { get; } =
    [
        $"Control groups version 2: {(controllers.IsEmpty ? "no controller" : string.Join(", ", controllers))}.",
        .. Controllers.Where(controller => !controllers.Contains(controller)).Select(controller =>
            $"The {controller} controller is not delegated to slipwayd: its limits are not enforced. With systemd, set Delegate=yes in the unit."),
    ];

    public void Create(string name, ResourceLimits limits)
    {
        Directory.CreateDirectory(Path.Combine(parent, name));
        Set("cpu", name, "cpu.max", limits.Cpu is { } cpu ? $"{CpuShares.Quota(cpu)} {CpuShares.PeriodMicroseconds}" : null);
        Set("cpu", name, "cpu.weight", limits.CpuRequest is { } request ? CpuShares.Text(CpuShares.Weight(request)) : null);
        Set("memory", name, "memory.max", limits.MemoryBytes is { } bytes ? CpuShares.Text(bytes) : null);
        Set("pids", name, "pids.max", limits.Processes is { } processes ? CpuShares.Text(processes) : null);
        if (limits.MemoryBytes is not null && LimitsMemory)
        {
            // Swapping would only make the end slow, and half an instance is no instance.
            GroupFiles.TryWrite(Path.Combine(parent, name, "memory.swap.max"), "0");
            GroupFiles.TryWrite(Path.Combine(parent, name, "memory.oom.group"), "1");
        }
    }

    public bool TrySetCpu(string name, double cores) =>
        LimitsCpu && GroupFiles.TryWrite(Path.Combine(parent, name, "cpu.max"), $"{CpuShares.Quota(cores)} {CpuShares.PeriodMicroseconds}");

    public IReadOnlyList<string> JoinFiles(string name) => [Path.Combine(parent, name, "cgroup.procs")];

    public IReadOnlyCollection<string> Existing() =>
        Directory.Exists(parent) ? [.. Directory.GetDirectories(parent).Select(folder => Path.GetFileName(folder))] : [];

    public IReadOnlyList<int> Members(string name) => GroupFiles.ReadPids(Path.Combine(parent, name, "cgroup.procs"));

    public bool TryFreeze(string name, bool frozen)
    {
        var folder = Path.Combine(parent, name);
        if (!GroupFiles.TryWrite(Path.Combine(folder, "cgroup.freeze"), frozen ? "1" : "0"))
        {
            return false;
        }

        // Thawing needs no confirmation: who may run again, runs.
        for (var looks = 0; frozen && looks < LooksMax; looks++)
        {
            if (GroupFiles.TryReadKey(Path.Combine(folder, "cgroup.events"), "frozen") == 1)
            {
                return true;
            }

            Thread.Yield();
        }

        if (frozen)
        {
            GroupFiles.TryWrite(Path.Combine(folder, "cgroup.freeze"), "0");
        }

        return !frozen;
    }

    public void Kill(string name)
    {
        if (!GroupFiles.TryWrite(Path.Combine(parent, name, "cgroup.kill"), "1") && LimitsProcesses)
        {
            GroupFiles.TryWrite(Path.Combine(parent, name, "pids.max"), "0");
        }
    }

    public GroupUsage Measure(string name)
    {
        var folder = Path.Combine(parent, name);
        var bytes = LimitsMemory ? GroupFiles.TryReadNumber(Path.Combine(folder, "memory.current")) : null;
        var cache = bytes is null ? 0 : GroupFiles.TryReadKey(Path.Combine(folder, "memory.stat"), "inactive_file") ?? 0;
        return new GroupUsage(
            GroupFiles.TryReadKey(Path.Combine(folder, "cpu.stat"), "usage_usec") is { } microseconds ? TimeSpan.FromMicroseconds(microseconds) : null,
            bytes is { } memory ? Math.Max(0, memory - cache) : null,
            LimitsProcesses ? (int?)GroupFiles.TryReadNumber(Path.Combine(folder, "pids.current")) : null);
    }

    public long OutOfMemoryKills(string name) => GroupFiles.TryReadKey(Path.Combine(parent, name, "memory.events"), "oom_kill") ?? 0;

    public bool TryRemove(string name) => GroupFiles.TryRemoveFolder(Path.Combine(parent, name));

    public void RemoveParents() => CgroupProbe.RemoveParents(parent);

    private void Set(string controller, string name, string file, string? value)
    {
        if (value is not null && controllers.Contains(controller) && !GroupFiles.TryWrite(Path.Combine(parent, name, file), value))
        {
            throw new IOException($"The kernel refused '{value}' for {file} of '{name}'.");
        }
    }
}
