using System.Collections.Immutable;

namespace Slipway.Runtime.Cgroups;

/// <summary>
/// Finds out what this host lets us do, by doing it once in a group that is thrown away. Groups are placed below our own
/// (<c>slipway/{node}</c>), so that limits somebody has put on slipwayd also hold for everything it runs.
/// </summary>
internal static class CgroupProbe
{
    private const string ParentName = "slipway";
    private const string LeafName = "slipwayd";
    private const string TrialName = "trial";

    public static ICgroupTree Find(string node)
    {
        IReadOnlyList<CgroupMount> mounts;
        try
        {
            mounts = CgroupMounts.Read();
        }
        catch (IOException)
        {
            return new NoCgroups("the kernel has none.");
        }

        var first = FindV1(mounts, node);
        if (first is not null)
        {
            return first;
        }

        return FindV2(mounts, node) as ICgroupTree ?? new NoCgroups(mounts.Count == 0
            ? "none are mounted."
            : "their folders are not writable. Run slipwayd as root or delegate a group to its user.");
    }

    /// <summary>The tree an instance was started in, as its record tells.</summary>
    public static ICgroupTree Open(CgroupLocation location) => location.Version switch
    {
        1 => new CgroupV1(location.Folders),
        2 => new CgroupV2(location.Folders[CgroupV2.Core], [.. location.Folders.Keys.Where(controller => controller != CgroupV2.Core)]),
        _ => new NoCgroups("the instance was started without."),
    };

    public static CgroupV1? FindV1(IReadOnlyList<CgroupMount> mounts, string node)
    {
        var folders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var mount in mounts.Where(mount => mount.Version == 1))
        {
            foreach (var controller in CgroupV1.Controllers.Where(mount.Controllers.Contains))
            {
                var parent = Path.Combine(mount.Folder, ParentName, node);
                if (GroupFiles.TryMakeFolder(parent) && Try(parent, trial => File.Exists(Path.Combine(trial, "cgroup.procs"))))
                {
                    folders.TryAdd(controller, parent);
                }
            }
        }

        return folders.Count == 0 ? null : new CgroupV1(folders);
    }

    public static CgroupV2? FindV2(IReadOnlyList<CgroupMount> mounts, string node)
    {
        if (mounts.FirstOrDefault(mount => mount.Version == 2) is not { } mount)
        {
            return null;
        }

        // An earlier start may have moved us into the leaf; the groups are its siblings.
        var own = Path.GetFileName(mount.Folder) == LeafName ? Path.GetDirectoryName(mount.Folder)! : mount.Folder;
        var top = Path.Combine(own, ParentName);
        var parent = Path.Combine(top, node);
        if (!GroupFiles.TryMakeFolder(parent) || !Try(parent, trial => File.Exists(Path.Combine(trial, "cgroup.procs"))))
        {
            return null;
        }

        var offered = (GroupFiles.TryRead(Path.Combine(own, "cgroup.controllers")) ?? "").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var wanted = CgroupV2.Controllers.Where(offered.Contains).ToList();
        var switchedOn = wanted.Where(controller => SwitchOn(own, top, parent, controller)).ToImmutableArray();
        return new CgroupV2(parent, switchedOn);
    }

    public static void RemoveParents(string parent)
    {
        // Another slipwayd of this host may live beside us; the kernel refuses to remove what is in use.
        if (Directory.Exists(parent) && Directory.GetDirectories(parent).Length == 0 && GroupFiles.TryRemoveFolder(parent)
            && Path.GetDirectoryName(parent) is { } top && Directory.Exists(top) && Directory.GetDirectories(top).Length == 0)
        {
            GroupFiles.TryRemoveFolder(top);
        }
    }

    private static bool SwitchOn(string own, string top, string parent, string controller)
    {
        if (!GroupFiles.TryWrite(Path.Combine(own, "cgroup.subtree_control"), $"+{controller}"))
        {
            // A group that passes controllers on may not hold processes itself, except the root: move ours into a leaf.
            var leaf = Path.Combine(own, LeafName);
            if (!GroupFiles.TryMakeFolder(leaf)
                || !GroupFiles.TryWrite(Path.Combine(leaf, "cgroup.procs"), "0")
                || !GroupFiles.TryWrite(Path.Combine(own, "cgroup.subtree_control"), $"+{controller}"))
            {
                return false;
            }
        }

        return GroupFiles.TryWrite(Path.Combine(top, "cgroup.subtree_control"), $"+{controller}")
            && GroupFiles.TryWrite(Path.Combine(parent, "cgroup.subtree_control"), $"+{controller}");
    }

    private static bool Try(string parent, Func<string, bool> works)
    {
        var trial = Path.Combine(parent, TrialName);
        var good = GroupFiles.TryMakeFolder(trial) && works(trial);
        return GroupFiles.TryRemoveFolder(trial) && good;
    }
}
