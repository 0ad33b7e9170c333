using Slipway.Runtime.Instances;

namespace Slipway.Runtime.Tests.Process;

/// <summary>Folders an instance may write to.</summary>
public sealed class VolumeTests : IAsyncDisposable
{
    private readonly ProcessWorld _world = new(options: options => options with { VolumeInterval = TimeSpan.FromMilliseconds(50) });

    [Fact]
    public async Task Folders_are_writable_shared_between_their_places_and_gone_afterwards()
    {
        const string script = """
            cd $SLIPWAY_MOUNTS
            echo one > var/cache/file && cat again/file
            echo two > fast/deep/file && cat part/file
            cat var/cache/config
            readlink -f var/cache; readlink -f fast; stat -Lc %a var/cache
            mkdir -p fast/locked && echo x > fast/locked/x && chmod 0 fast/locked
            echo $SLIPWAY_MOUNTS
            """;
        var spec = _world.Shell("a", script) with
        {
            Folders =
            [
                new MountedFolder("/var/cache", "cache", "", InMemory: false, 1 << 20),
                new MountedFolder("/again", "cache", "", InMemory: false, 1 << 20),
                new MountedFolder("/fast", "fast", "", InMemory: true, null),
                new MountedFolder("/part", "fast", "deep", InMemory: true, null),
            ],
            Files = [new MountedFile("/var/cache/config", "three\n"u8.ToArray(), 0x1A4)],
        };

        await _world.StartAsync(spec);
        await _world.EndAsync("a");

        var text = await _world.TextAsync("a");
        Assert.Equal(["one", "two", "three"], text.Take(3));
        Assert.StartsWith(_world.Folder, text[3], StringComparison.Ordinal);
        Assert.StartsWith(_world.Driver.Machine.Mounts.Folder, text[4], StringComparison.Ordinal);
        Assert.Equal("700", text[5]);
        Assert.All([text[3], text[4], text[6]], folder => Assert.False(Directory.Exists(folder), folder));
    }

    [Fact]
    public async Task As_root_another_instance_cannot_enter_a_folder()
    {
        Assert.SkipUnless(_world.Driver.Capabilities.IsolatesUsers, "Only root can give instances users of their own.");
        var folder = new MountedFolder("/cache", "cache", "", InMemory: false, null);
        await _world.StartAsync(_world.Shell("a", "echo secret > $SLIPWAY_MOUNTS/cache/file; echo up; sleep 1000") with { Folders = [folder] });
        await Eventually.True(async () => (await _world.TextAsync("a")).Contains("up"), "the file is written");

        await _world.StartAsync(_world.Shell("b", $"cat {_world.Folder}/instances/a/volumes/cache/file; cat {_world.Driver.Machine.Mounts.Folder}/a/cache/file; echo end"));
        await _world.EndAsync("b");

        var text = await _world.TextAsync("b");
        Assert.Equal(2, text.Count(line => line.Contains("Permission denied", StringComparison.Ordinal)));
        Assert.DoesNotContain("secret", text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_instance_whose_folder_outgrows_its_limit_is_evicted(bool inMemory)
    {
        var spec = _world.Shell("a", "trap 'exit 0' TERM; head -c 300000 /dev/zero > $SLIPWAY_MOUNTS/cache/file; while :; do sleep 1000 & wait; done") with
        {
            Folders = [new MountedFolder("/cache", "cache", "", inMemory, 200_000)],
        };

        await _world.StartAsync(spec);
        var ended = await _world.EndAsync("a");

        Assert.Equal("Evicted", ended.ExitReason);
        Assert.StartsWith("Volume 'cache' held ", ended.ExitMessage, StringComparison.Ordinal);
        Assert.Contains("its sizeLimit is 200000.", ended.ExitMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_adopted_instance_is_held_to_its_limit_too()
    {
        var spec = _world.Shell("a", "while [ ! -e $HOME/go ]; do sleep 0.02; done; head -c 300000 /dev/zero > $SLIPWAY_MOUNTS/cache/file; sleep 1000") with
        {
            Folders = [new MountedFolder("/cache", "cache", "", InMemory: false, 200_000)],
        };
        await _world.StartAsync(spec);

        var adopted = await _world.RestartAsync();
        Assert.Equal(InstancePhase.Running, Assert.Single(adopted).Phase);
        File.WriteAllText(Path.Combine(_world.Folder, "instances", "a", "home", "go"), "");

        Assert.Equal("Evicted", (await _world.EndAsync("a")).ExitReason);
    }

    [Fact]
    public async Task A_link_out_of_a_folder_is_neither_measured_nor_followed_when_it_is_removed()
    {
        var outside = Path.Combine(_world.Folder, "outside");
        Directory.CreateDirectory(outside);
        File.WriteAllBytes(Path.Combine(outside, "kept"), new byte[500_000]);
        var spec = _world.Shell("a", $"ln -s {outside} $SLIPWAY_MOUNTS/cache/out; ln -s {outside} $HOME/out; sleep 0.3") with
        {
            Folders = [new MountedFolder("/cache", "cache", "", InMemory: false, 200_000)],
        };

        await _world.StartAsync(spec);

        Assert.Equal("Completed", (await _world.EndAsync("a")).ExitReason);
        Assert.True(File.Exists(Path.Combine(outside, "kept")));
    }

    [Fact]
    public async Task A_running_program_reads_the_replaced_file_and_only_its_user_can()
    {
        var file = new MountedFile("/run/token", "first\n"u8.ToArray(), 0x100);
        var script = "f=$SLIPWAY_MOUNTS/run/token; cat $f; while grep -q first $f; do sleep 0.02; done; cat $f; stat -c '%a %u' $f; id -u; ls $SLIPWAY_MOUNTS/run";
        await _world.StartAsync(_world.Shell("a", script) with { Files = [file] });
        await Eventually.True(async () => (await _world.TextAsync("a")).Contains("first"), "it has read the first one");

        // Also after a restart, when only the record knows the instance.
        await _world.RestartAsync();
        Assert.True(await _world.Driver.WriteFileAsync("a", file with { Content = "second\n"u8.ToArray() }, default));
        await _world.EndAsync("a");

        var text = await _world.TextAsync("a");
        Assert.Equal(["first", "second", $"400 {text[3]}", text[3], "token"], text);
    }

    [Fact]
    public async Task A_program_that_puts_a_link_in_the_way_gains_nothing_by_it()
    {
        Assert.SkipUnless(_world.Driver.Capabilities.IsolatesUsers, "Without root nobody writes with more rights than the instance has.");
        var outside = Path.Combine(_world.Folder, "outside");
        Directory.CreateDirectory(outside, (UnixFileMode)0x1ED);
        var file = new MountedFile("/run/token", "first"u8.ToArray(), 0x1A4);
        await _world.StartAsync(_world.Shell("a", $"cd $SLIPWAY_MOUNTS && rm -r run && ln -s {outside} run; echo up; sleep 1000") with { Files = [file] });
        await Eventually.True(async () => (await _world.TextAsync("a")).Contains("up"), "the link is there");

        Assert.False(await _world.Driver.WriteFileAsync("a", file, default));

        Assert.Empty(Directory.GetFileSystemEntries(outside));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();
}
