using Slipway.Runtime.Instances;
using Slipway.Runtime.Process.Native;

namespace Slipway.Runtime.Tests.Process;

/// <summary>Who an instance is, as the kernel and its own files tell.</summary>
public sealed class UserTests : IAsyncDisposable
{
    // No account of any usual host, and outside every range that the tests hand out.
    private const int User = 412_345;
    private const int Group = 412_346;

    private readonly ProcessWorld _world = new();

    public UserTests() => Assert.SkipUnless(_world.Driver.Capabilities.IsolatesUsers, "Only root can give instances other users.");

    [Fact]
    public async Task A_named_user_is_real_and_effective_and_owns_the_instances_files()
    {
        const string script = """
            grep -E '^(Uid|Gid|Groups):' /proc/self/status | tr '\t' ' '
            cat $SLIPWAY_MOUNTS/etc/key; echo x > $SLIPWAY_MOUNTS/cache/file && echo x > $HOME/file && cat $HOME/file
            stat -c '%u %g' $HOME $SLIPWAY_MOUNTS/etc/key $SLIPWAY_MOUNTS/cache/file
            grep -c 'CapEff:.0000000000000000' /proc/self/status; echo $HOME
            """;
        var spec = _world.Shell("a", script) with
        {
            RunAsUser = User,
            RunAsGroup = Group,
            RunAsNonRoot = true,
            Files = [new MountedFile("/etc/key", "secret\n"u8.ToArray(), 0x100)],
            Folders = [new MountedFolder("/cache", "cache", "", InMemory: false, null)],
        };

        await _world.StartAsync(spec);
        await _world.EndAsync("a");

        var text = await _world.TextAsync("a");
        Assert.Equal($"Uid: {User} {User} {User} {User}", text[0]);
        Assert.Equal($"Gid: {Group} {Group} {Group} {Group}", text[1]);
        Assert.Equal("Groups:", text[2].TrimEnd());
        Assert.Equal(["secret", "x"], text.Skip(3).Take(2));
        Assert.Equal(Enumerable.Repeat($"{User} {Group}", 3), text.Skip(5).Take(3));
        Assert.Equal("1", text[8]);
        Assert.False(Directory.Exists(text[9]));
        Assert.Equal(0, _world.Driver.Machine.Users.Count);
    }

    [Fact]
    public async Task Commands_beside_it_are_the_same_user_also_after_a_restart()
    {
        await _world.StartAsync(_world.Shell("a", "sleep 1000") with { RunAsUser = User, RunAsGroup = Group });
        string[] command = ["/bin/sh", "-c", $"test $(id -u) = {User} && test $(id -g) = {Group}"];
        Assert.Equal(0, (await Eventually.Done(_world.Driver.ExecuteAsync("a", command, Eventually.Limit, default))).Value);

        await _world.RestartAsync();

        Assert.Equal(0, (await Eventually.Done(_world.Driver.ExecuteAsync("a", command, Eventually.Limit, default))).Value);
        Assert.Equal(1, _world.Driver.Machine.Users.Count);
    }

    [Fact]
    public async Task An_image_names_its_user_by_number_or_in_its_own_passwd()
    {
        Directory.CreateDirectory(Path.Combine(_world.Image, "etc"));
        File.WriteAllText(Path.Combine(_world.Image, "etc", "passwd"), $"root:x:0:0::/:/bin/sh\napp:x:{User}:{Group}::/app:/bin/sh\n");
        foreach (var (id, user, expected) in new[] { ("number", $"{User + 7}", $"{User + 7} {User + 7}"), ("name", "app", $"{User} {Group}") })
        {
            Assert.Equal(expected, await WhoAsync(id, user));
        }

        foreach (var (id, user) in new[] { ("root", "root"), ("stranger", "stranger") })
        {
            Assert.InRange(int.Parse((await WhoAsync(id, user)).Split(' ')[0]), 300_000, 309_999);
        }
    }

    [Fact]
    public async Task Root_is_refused_unless_the_platform_allows_it()
    {
        var spec = _world.Shell("a", "id -u") with { RunAsUser = 0 };
        var refused = await _world.Driver.StartAsync(spec, default);
        Assert.Equal("root-not-allowed", refused.Failure!.Code);
        Assert.Empty(_world.Driver.List());
        Assert.Equal(0, _world.Driver.Machine.Ports.Count + _world.Driver.Machine.Users.Count);

        await using var open = new ProcessWorld(options: options => options with { RootAllowed = true });
        await open.StartAsync(spec with { Runnable = spec.Runnable with { Root = open.Image } });
        await open.EndAsync("a");
        Assert.Equal(["0"], await open.TextAsync("a"));
    }

    [Fact]
    public async Task A_named_user_belongs_to_one_namespace_at_a_time()
    {
        InstanceSpec Spec(string id, string @namespace, string script = "sleep 1000") => _world.Shell(id, script) with { Namespace = @namespace, RunAsUser = User };
        await _world.StartAsync(Spec("a", "one"));
        await _world.StartAsync(Spec("b", "one"));
        await Eventually.Done(_world.Driver.StopAsync("b", TimeSpan.Zero, default));
        await _world.RestartAsync();

        var refused = await _world.Driver.StartAsync(Spec("c", "two"), default);
        Assert.Equal("user-not-allowed", refused.Failure!.Code);
        Assert.Contains("another namespace", refused.Failure.Detail, StringComparison.Ordinal);

        var image = Spec("d", "two", "id -u");
        await _world.StartAsync(image with { RunAsUser = null, Runnable = image.Runnable with { User = $"{User}" } });
        await _world.EndAsync("d");
        Assert.InRange(int.Parse((await _world.TextAsync("d")).Single()), 300_000, 309_999);

        await Eventually.Done(_world.Driver.StopAsync("a", TimeSpan.Zero, default));
        await _world.StartAsync(Spec("e", "two"));
    }

    [Fact]
    public async Task Where_instances_can_only_be_root_a_manifest_that_wants_otherwise_is_refused()
    {
        var closed = Directory.CreateTempSubdirectory("slipway-closed-").FullName;
        try
        {
            await using var world = new ProcessWorld(folder: Directory.CreateDirectory(Path.Combine(closed, "state")).FullName);
            Assert.False(world.Driver.Capabilities.IsolatesUsers);
            var spec = world.Shell("a", "exit 0");

            Assert.Equal("root-not-allowed", (await world.Driver.StartAsync(spec with { RunAsNonRoot = true }, default)).Failure!.Code);
            var refused = (await world.Driver.StartAsync(spec with { RunAsUser = User }, default)).Failure!;
            Assert.Equal("user-not-allowed", refused.Code);
            Assert.Contains($"chmod o+x {closed}", refused.Detail, StringComparison.Ordinal);
            await world.StartAsync(spec);
            await world.EndAsync("a");
        }
        finally
        {
            Directory.Delete(closed, recursive: true);
        }
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private async Task<string> WhoAsync(string id, string user)
    {
        var spec = _world.Shell(id, "echo $(id -u) $(id -g)");
        await _world.StartAsync(spec with { Runnable = spec.Runnable with { User = user } });
        await _world.EndAsync(id);
        return (await _world.TextAsync(id)).Single();
    }
}
