namespace Slipway.Runtime.Cgroups;

/// <summary>A host where we may not make control groups: instances run, nothing is enforced, freezing is done by signals.</summary>
internal sealed class NoCgroups(string why) : ICgroupTree
{
    public CgroupLocation Location { get; } = new(0, new Dictionary<string, string>());

    public bool CanFreeze => false;

    public bool LimitsCpu => false;

    public bool LimitsMemory => false;

    public bool LimitsProcesses => false;

    public IReadOnlyList<string> Words { get; } =
    [
        $"No control groups: {why}",
        "CPU, memory and process limits are not enforced.",
        "Freezing uses SIGSTOP and SIGCONT.",
    ];

    public void Create(string name, ResourceLimits limits)
    {
    }

    public bool TrySetCpu(string name, double cores) => false;

    public IReadOnlyList<string> JoinFiles(string name) => [];

    public IReadOnlyCollection<string> Existing() => [];

    public IReadOnlyList<int> Members(string name) => [];

    public bool TryFreeze(string name, bool frozen) => false;

    public void Kill(string name)
    {
    }

    public GroupUsage Measure(string name) => new(null, null, null);

    public long OutOfMemoryKills(string name) => 0;

    public bool TryRemove(string name) => true;

    public void RemoveParents()
    {
    }
}
