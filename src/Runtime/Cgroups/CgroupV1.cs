namespace Slipway.Runtime.Cgroups;

/// <summary>
/// Version 1: a hierarchy per controller. Each controller is used where it is mounted and writable, on its own.
/// </summary>
/// <param name="folders">The parent folder of all instances by controller; only those that could be made.</param>
internal sealed class CgroupV1(IReadOnlyDictionary<string, string> folders) : ICgroupTree
{
    public static readonly IReadOnlyList<string> Controllers = ["freezer", "pids", "cpu", "cpuacct", "memory"];

    // A group that is big enough to be frozen in one go is frozen at the first look; others need a few.
    private const int LooksMax = 2_000;

    public CgroupLocation Location { get; } = new(1, folders);

    public bool CanFreeze => folders.ContainsKey("freezer");

    public bool LimitsCpu => folders.ContainsKey("cpu");

    public bool LimitsMemory => folders.ContainsKey("memory");

    public bool LimitsProcesses => folders.ContainsKey("pids");

    public IReadOnlyList<string> Words { get; } =
    [
        $"Control groups version 1: {string.Join(", ", Controllers.Where(folders.ContainsKey))}.",
        .. Controllers.Where(controller => !folders.ContainsKey(controller)).Select(controller => $"The {controller} controller is not writable: {Consequence(controller)}"),
    ];

    public void Create(string name, ResourceLimits limits)
    {
        foreach (var parent in folders.Values.Distinct())
        {
            Directory.CreateDirectory(Path.Combine(parent, name));
        }

        Set("cpu", name, "cpu.cfs_period_us", limits.Cpu is null ? null : CpuShares.PeriodMicroseconds);
        Set("cpu", name, "cpu.cfs_quota_us", limits.Cpu is { } cpu ? CpuShares.Quota(cpu) : null);
        Set("cpu", name, "cpu.shares", limits.CpuRequest is { } request ? CpuShares.Shares(request) : null);
        Set("memory", name, "memory.limit_in_bytes", limits.MemoryBytes);
        Set("pids", name, "pids.max", limits.Processes);
        if (limits.MemoryBytes is { } bytes && folders.TryGetValue("memory", out var memory))
        {
            // Without swap accounting the file is missing; then the limit on memory alone must do.
            GroupFiles.TryWrite(Path.Combine(memory, name, "memory.memsw.limit_in_bytes"), CpuShares.Text(bytes));
        }
    }

    public bool TrySetCpu(string name, double cores) =>
        folders.TryGetValue("cpu", out var parent)
        && GroupFiles.TryWrite(Path.Combine(parent, name, "cpu.cfs_quota_us"), CpuShares.Text(CpuShares.Quota(cores)));

    public IReadOnlyList<string> JoinFiles(string name) =>
        [.. folders.Values.Distinct().Select(parent => Path.Combine(parent, name, "cgroup.procs"))];

    public IReadOnlyCollection<string> Existing() =>
    [
        .. folders.Values.Distinct()
            .Where(Directory.Exists)
            .SelectMany(Directory.GetDirectories)
            .Select(folder => Path.GetFileName(folder))
            .Distinct(),
    ];

    public IReadOnlyList<int> Members(string name) =>
        [.. folders.Values.Distinct().SelectMany(parent => GroupFiles.ReadPids(Path.Combine(parent, name, "cgroup.procs"))).Distinct()];

    public bool TryFreeze(string name, bool frozen)
    {
        if (!folders.TryGetValue("freezer", out var parent))
        {
            return false;
        }

        var file = Path.Combine(parent, name, "freezer.state");
        var wanted = frozen ? "FROZEN" : "THAWED";
        for (var looks = 0; looks < LooksMax; looks++)
        {
            // Writing again makes the kernel try the tasks again that were not stoppable the first time.
            if (!GroupFiles.TryWrite(file, wanted))
            {
                return false;
            }

            if (GroupFiles.TryRead(file)?.Trim() == wanted)
            {
                return true;
            }

            Thread.Yield();
        }

        GroupFiles.TryWrite(file, "THAWED");
        return false;
    }

    public void Kill(string name)
    {
        // A fork bomb stops multiplying; the caller then kills members until none is left.
        if (folders.TryGetValue("pids", out var parent))
        {
            GroupFiles.TryWrite(Path.Combine(parent, name, "pids.max"), "0");
        }
    }

    public GroupUsage Measure(string name)
    {
        var nanoseconds = Number("cpuacct", name, "cpuacct.usage");
        var bytes = Number("memory", name, "memory.usage_in_bytes");
        var cache = folders.TryGetValue("memory", out var parent)
            ? GroupFiles.TryReadKey(Path.Combine(parent, name, "memory.stat"), "total_inactive_file") ?? 0
            : 0;
        return new GroupUsage(
            nanoseconds is { } cpu ? TimeSpan.FromTicks(cpu / 100) : null,
            bytes is { } memory ? Math.Max(0, memory - cache) : null,
            (int?)Number("pids", name, "pids.current"));
    }

    public long OutOfMemoryKills(string name) =>
        folders.TryGetValue("memory", out var parent) ? GroupFiles.TryReadKey(Path.Combine(parent, name, "memory.oom_control"), "oom_kill") ?? 0 : 0;

    public bool TryRemove(string name)
    {
        var removed = true;
        foreach (var parent in folders.Values.Distinct())
        {
            removed &= GroupFiles.TryRemoveFolder(Path.Combine(parent, name));
        }

        return removed;
    }

    public void RemoveParents()
    {
        foreach (var parent in folders.Values.Distinct())
        {
            CgroupProbe.RemoveParents(parent);
        }
    }

    private static string Consequence(string controller) => controller switch
    {
        "cpu" => "CPU limits are not enforced.",
        "memory" => "memory limits are not enforced.",
        "pids" => "the number of processes is not limited.",
        "freezer" => "freezing uses SIGSTOP and SIGCONT.",
        _ => "CPU time is read from /proc.",
    };

    private void Set(string controller, string name, string file, long? value)
    {
        if (value is { } number && folders.TryGetValue(controller, out var parent)
            && !GroupFiles.TryWrite(Path.Combine(parent, name, file), CpuShares.Text(number)))
        {
            throw new IOException($"The kernel refused {number} for {file} of '{name}'.");
        }
    }

    private long? Number(string controller, string name, string file) =>
        folders.TryGetValue(controller, out var parent) ? GroupFiles.TryReadNumber(Path.Combine(parent, name, file)) : null;
}
