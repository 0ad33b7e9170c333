using System.Security.Cryptography;
using System.Text;
using Slipway.Runtime.Cgroups;

namespace Slipway.Runtime.Process;

/// <summary>Where the process driver keeps its things and which numbers it may use.</summary>
public sealed record ProcessDriverOptions
{
    /// <summary>Holds one folder per instance: its record, logs and private files.</summary>
    public required string StateFolder { get; init; }

    /// <summary>Below Linux' default ephemeral range (32768–60999), so that no client connection takes one by chance.</summary>
    public int PortFirst { get; init; } = 20_000;

    public int PortCount { get; init; } = 10_000;

    /// <summary>When slipwayd is root, instance n runs as uid and gid <c>UserFirst + n</c>. No login uses this range.</summary>
    public int UserFirst { get; init; } = 200_000;

    /// <summary>Also the most instances at a time.</summary>
    public int UserCount { get; init; } = 10_000;

    /// <summary>Manifests may ask for user 0. Such an instance can do to this host whatever slipwayd can.</summary>
    public bool RootAllowed { get; init; }

    /// <summary>
    /// Manifests may ask for users and groups of this host's own accounts. Such an instance can change the files of
    /// that account, whoever it belongs to.
    /// </summary>
    public bool HostUsersAllowed { get; init; }

    public int OpenFilesMax { get; init; } = 25_000;

    /// <summary>For instances that do not say: enough for any server, too few to hurt the host.</summary>
    public int ProcessesMax { get; init; } = 4_096;

    /// <summary>Variables of slipwayd that instances need to run at all. Everything else stays ours.</summary>
    public IReadOnlyList<string> InheritedVariables { get; init; } = ["PATH", "LANG", "LC_ALL", "TZ", "DOTNET_ROOT"];

    /// <summary>
    /// Where mounted files (secrets, config) are laid out. The default is in memory (<c>/dev/shm</c>) where the host has
    /// it, so that secrets never reach a disk; otherwise below the state folder.
    /// </summary>
    public string? MountsFolder { get; init; }

    /// <summary>How often writable volumes with a size limit are measured.</summary>
    public TimeSpan VolumeInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Where control groups are looked for; tests choose a tree instead of taking the best one.</summary>
    internal Func<string, ICgroupTree> FindGroups { get; init; } = CgroupProbe.Find;

    /// <summary>Tells our groups, processes and memory files from those of another slipwayd on this host.</summary>
    internal string Node => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(StateFolder))))[..8];

    internal void Validate()
    {
        var findings = new List<string>();
        if (PortFirst is < 1024 or > 65_535 || PortCount < 1 || PortFirst + PortCount > 65_536)
        {
            findings.Add($"PortFirst, PortCount: the range must lie within 1024..65535, was {PortFirst}..{PortFirst + PortCount - 1}");
        }

        if (UserFirst < 1_000 || UserCount < 1)
        {
            findings.Add($"UserFirst, UserCount: must be at least 1000 and 1, were {UserFirst} and {UserCount}");
        }

        if (VolumeInterval <= TimeSpan.Zero)
        {
            findings.Add($"VolumeInterval: must be positive, was {VolumeInterval}");
        }

        if (OpenFilesMax < 64)
        {
            findings.Add($"OpenFilesMax: must be at least 64, was {OpenFilesMax}");
        }

        if (findings.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", findings));
        }
    }
}
