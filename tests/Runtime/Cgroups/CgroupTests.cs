using Slipway.Runtime.Cgroups;

namespace Slipway.Runtime.Tests.Cgroups;

public sealed class CgroupTests
{
    [Fact]
    public void A_host_with_version_2_only_is_understood()
    {
        var mounts = CgroupMounts.Parse(
            "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n",
            "0::/system.slice/slipwayd.service\n",
            _ => true);

        var mount = Assert.Single(mounts);
        Assert.Equal((2, "/sys/fs/cgroup/system.slice/slipwayd.service"), (mount.Version, mount.Folder));
    }

    [Fact]
    public void A_hybrid_host_has_a_mount_per_controller()
    {
        var mounts = CgroupMounts.Parse(
            "31 30 0:27 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n32 30 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n33 30 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n34 30 0:30 / /proc rw - proc proc rw\n",
            "4:memory:/user\n3:cpu,cpuacct:/\n0::/\n",
            _ => true);

        Assert.Equal(["/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup/memory/user", "/sys/fs/cgroup/unified"], mounts.Select(mount => mount.Folder));
        Assert.Equal(["cpu", "cpuacct"], mounts[0].Controllers);
    }

    [Fact]
    public void In_a_container_paths_begin_at_the_root_of_the_mount()
    {
        const string info = "30 23 0:26 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n";

        Assert.Equal("/sys/fs/cgroup/memory/inner", CgroupMounts.Parse(info, "4:memory:/docker/abc/inner\n", _ => true).Single().Folder);
        Assert.Equal("/sys/fs/cgroup/memory", CgroupMounts.Parse(info, "4:memory:/elsewhere\n", _ => false).Single().Folder);
    }

    [Theory]
    [InlineData(0.5, 50_000, 512, 20)]
    [InlineData(1, 100_000, 1_024, 39)]
    [InlineData(8, 800_000, 8_192, 313)]
    [InlineData(0.0001, 1_000, 2, 1)]
    public void Cores_become_quota_shares_and_weight(double cores, long quota, long shares, long weight)
    {
        Assert.Equal(quota, CpuShares.Quota(cores));
        Assert.Equal(shares, CpuShares.Shares(cores));
        Assert.Equal(weight, CpuShares.Weight(cores));
    }

    [Fact]
    public void Version_2_writes_what_the_kernel_documents()
    {
        // The kernel makes these files with the folder; here they are made beforehand.
        var parent = Directory.CreateTempSubdirectory("slipway-cgroup-").FullName;
        var group = Directory.CreateDirectory(Path.Combine(parent, "a")).FullName;
        foreach (var file in new[] { "cpu.max", "cpu.weight", "memory.max", "memory.swap.max", "memory.oom.group", "pids.max", "cgroup.procs" })
        {
            File.WriteAllText(Path.Combine(group, file), "");
        }

        File.WriteAllText(Path.Combine(group, "cpu.stat"), "usage_usec 1500000\nuser_usec 1\n");
        File.WriteAllText(Path.Combine(group, "memory.current"), "1000000\n");
        File.WriteAllText(Path.Combine(group, "memory.stat"), "anon 5\ninactive_file 400000\n");
        File.WriteAllText(Path.Combine(group, "memory.events"), "low 0\noom 3\noom_kill 2\n");
        File.WriteAllText(Path.Combine(group, "pids.current"), "7\n");
        var tree = new CgroupV2(parent, ["cpu", "memory", "pids"]);

        tree.Create("a", new ResourceLimits(0.5, 0.25, 64 << 20, 100));

        string Read(string file) => File.ReadAllText(Path.Combine(group, file));
        Assert.Equal(("50000 100000", "10", "67108864", "0", "1", "100"), (Read("cpu.max"), Read("cpu.weight"), Read("memory.max"), Read("memory.swap.max"), Read("memory.oom.group"), Read("pids.max")));
        Assert.Equal(new GroupUsage(TimeSpan.FromSeconds(1.5), 600_000, 7), tree.Measure("a"));
        Assert.Equal(2, tree.OutOfMemoryKills("a"));
        File.WriteAllText(Path.Combine(group, "cpu.max"), "");
        Assert.True(tree.TrySetCpu("a", 2));
        Assert.Equal("200000 100000", Read("cpu.max"));
        Assert.False(tree.TrySetCpu("nobody", 2));
        Directory.Delete(parent, recursive: true);
    }

    [Fact]
    public void What_is_not_enforced_is_said()
    {
        Assert.Contains(new NoCgroups("the test wants none.").Words, words => words.Contains("not enforced"));
        Assert.Contains(new CgroupV2("/nowhere", ["pids"]).Words, words => words.StartsWith("The memory controller", StringComparison.Ordinal));
        Assert.Contains(new CgroupV1(new Dictionary<string, string> { ["freezer"] = "/nowhere" }).Words, words => words.StartsWith("The cpu controller", StringComparison.Ordinal));
    }
}
