namespace Slipway.Runtime.Cgroups;

/// <param name="Folder">The group of this very process in that hierarchy, as a folder.</param>
internal sealed record CgroupMount(int Version, IReadOnlyList<string> Controllers, string Folder);

/// <summary>Finds where control groups are mounted and in which group we are, from the two texts the kernel keeps about it.</summary>
internal static class CgroupMounts
{
    public static IReadOnlyList<CgroupMount> Read() =>
        Parse(File.ReadAllText("/proc/self/mountinfo"), File.ReadAllText("/proc/self/cgroup"), Directory.Exists);

    public static IReadOnlyList<CgroupMount> Parse(string mountInfo, string ownGroups, Func<string, bool> exists)
    {
        var own = ownGroups.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(':', 3))
            .Where(parts => parts.Length == 3)
            .ToDictionary(parts => parts[1], parts => parts[2], StringComparer.Ordinal);
        var mounts = new List<CgroupMount>();
        foreach (var line in mountInfo.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var halves = line.Split(" - ", 2);
            var left = halves[0].Split(' ');
            var right = halves.Length == 2 ? halves[1].Split(' ') : [];
            if (left.Length < 5 || right.Length < 3 || right[0] is not ("cgroup" or "cgroup2"))
            {
                continue;
            }

            var version = right[0] == "cgroup2" ? 2 : 1;
            var key = version == 2 ? "" : own.Keys.FirstOrDefault(names => names.Length > 0 && names.Split(',').All(right[2].Split(',').Contains));
            if (key is null || !own.TryGetValue(key, out var path))
            {
                continue;
            }

            // In a container the mount shows only a part of the hierarchy, the part below its root.
            var root = left[3] == "/" ? "" : left[3];
            var below = path.StartsWith(root, StringComparison.Ordinal) ? path[root.Length..] : path;
            var folder = $"{left[4]}{below}".TrimEnd('/');
            mounts.Add(new CgroupMount(version, version == 2 ? [] : key.Split(','), exists(folder) ? folder : left[4]));
        }

        return mounts;
    }
}
