namespace Slipway.Runtime.Cgroups;

/// <summary>What the kernel is asked to hold an instance to; null leaves it free.</summary>
internal sealed record ResourceLimits(double? Cpu, double? CpuRequest, long? MemoryBytes, int? Processes);

/// <summary>Where a tree is, for the records of instances: a later life of slipwayd may itself start in another group.</summary>
/// <param name="Version">0 is no tree.</param>
/// <param name="Folders">The parent folder of all instances by controller; version 2 has one folder for all.</param>
internal sealed record CgroupLocation(int Version, IReadOnlyDictionary<string, string> Folders);

internal sealed record GroupUsage(TimeSpan? CpuTime, long? MemoryBytes, int? Processes);

/// <summary>
/// Where control groups of instances live. Three answers exist: version 1, version 2 and none; which one is found out
/// once, at the start, by trying.
/// </summary>
internal interface ICgroupTree
{
    CgroupLocation Location { get; }

    bool CanFreeze { get; }

    bool LimitsCpu { get; }

    bool LimitsMemory { get; }

    bool LimitsProcesses { get; }

    /// <summary>What is enforced and what is not, in words for an operator.</summary>
    IReadOnlyList<string> Words { get; }

    /// <summary>Makes the group with its limits.</summary>
    void Create(string name, ResourceLimits limits);

    /// <summary>Changes the CPU limit of a group that exists; false when the kernel refuses.</summary>
    bool TrySetCpu(string name, double cores);

    /// <summary>The files a process writes "0" into to join the group before it executes anything.</summary>
    IReadOnlyList<string> JoinFiles(string name);

    /// <summary>Names of the groups that exist, whoever made them.</summary>
    IReadOnlyCollection<string> Existing();

    IReadOnlyList<int> Members(string name);

    /// <summary>False when there is no freezer here; the caller falls back to signals.</summary>
    bool TryFreeze(string name, bool frozen);

    /// <summary>Sends SIGKILL to all members at once where the kernel can; otherwise makes sure that they cannot multiply.</summary>
    void Kill(string name);

    GroupUsage Measure(string name);

    /// <summary>How often the kernel has killed a member because of the memory limit.</summary>
    long OutOfMemoryKills(string name);

    /// <summary>Removes the group; false when something still lives in it.</summary>
    bool TryRemove(string name);

    /// <summary>Removes the parent folders when nothing is in them any more.</summary>
    void RemoveParents();
}
