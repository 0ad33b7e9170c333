using Slipway.Runtime.Images;
using Slipway.Runtime.Instances;

namespace Slipway.Runtime.Tests.Process;

/// <summary>What a program finds when it starts.</summary>
public sealed class LaunchTests : IAsyncDisposable
{
    private readonly ProcessWorld _world = new();

    [Fact]
    public async Task Arguments_arrive_exactly_as_given()
    {
        var spec = _world.Shell("a", "") with { Command = ["/bin/sh", "-c", "for word; do printf '[%s]\\n' \"$word\"; done", "name"], Arguments = ["two words", "it's", "a\"b", "", "*", "$HOME", "ünï"] };

        await _world.StartAsync(spec);
        await _world.EndAsync("a");

        Assert.Equal(["[two words]", "[it's]", "[a\"b]", "[]", "[*]", "[$HOME]", "[ünï]"], await _world.TextAsync("a"));
    }

    [Fact]
    public async Task Variables_are_layered_expanded_and_complete()
    {
        var spec = _world.Shell("a", "") with
        {
            Command = ["/bin/sh", "-c", "echo [$0]; tr '\\0' '\\n' < /proc/$$$$/environ", "$(GREETING) on $(PORT), $$(GREETING), $(NOBODY)"],
            Runnable = new RunnableImage(_world.Image, true, [], [], [KeyValuePair.Create("FROM_IMAGE", "1"), KeyValuePair.Create("BOTH", "image")], null, null),
            Environment =
            [
                KeyValuePair.Create("BOTH", "manifest"),
                KeyValuePair.Create("NAME", "first"),
                KeyValuePair.Create("NAME", "Ada"),
                KeyValuePair.Create("GREETING", "hello $(NAME) at $(PORT)"),
                KeyValuePair.Create("PORT", "1"),
                KeyValuePair.Create("Dotted.name-with:colon", "kept"),
                KeyValuePair.Create("MULTI", "one = two"),
            ],
        };

        var state = await _world.StartAsync(spec);
        await _world.EndAsync("a");

        var port = state.Address!.Port;
        var text = await _world.TextAsync("a");
        Assert.Contains("FROM_IMAGE=1", text);
        Assert.Contains("BOTH=manifest", text);
        Assert.Contains($"GREETING=hello Ada at {port}", text);
        Assert.Contains($"PORT={port}", text);
        Assert.Contains("Dotted.name-with:colon=kept", text);
        Assert.Contains("MULTI=one = two", text);
        Assert.Contains("SLIPWAY_INSTANCE=a", text);
        Assert.Contains($"[hello Ada at {port} on {port}, $(GREETING), $(NOBODY)]", text);
        Assert.DoesNotContain(text, line => line.StartsWith("SSH_", StringComparison.Ordinal) || line.StartsWith("DOTNET_NOLOGO", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_program_has_a_session_of_its_own_and_none_of_our_descriptors()
    {
        var script = "cat; echo eof; ls /proc/self/fd | wc -l; read -r pid comm state parent group session rest < /proc/$$/stat; echo $((pid == group && pid == session)); sh -c 'kill -PIPE $$; echo alive'; echo done";

        await _world.StartAsync(_world.Shell("a", script));
        await _world.EndAsync("a");

        // ls itself opens the folder it lists: 0, 1, 2 and that one.
        Assert.Equal(["eof", "4", "1", "done"], await _world.TextAsync("a"));
    }

    [Fact]
    public async Task Home_and_temp_are_private_and_writable_and_gone_afterwards()
    {
        await _world.StartAsync(_world.Shell("a", "echo x > $TMPDIR/file && cat $HOME/file; echo $HOME; ulimit -c"));
        await _world.EndAsync("a");

        var text = await _world.TextAsync("a");
        Assert.Equal("x", text[0]);
        Assert.StartsWith(_world.Folder, text[1], StringComparison.Ordinal);
        Assert.False(Directory.Exists(text[1]));
        Assert.Equal("0", text[2]);
    }

    [Fact]
    public async Task As_root_each_instance_is_a_user_of_its_own_without_privileges()
    {
        Assert.SkipUnless(_world.Driver.Capabilities.IsolatesUsers, "Only root can give instances users of their own.");
        var script = "id -u; id -G; grep -c 'CapEff:.0000000000000000' /proc/self/status; grep -c 'NoNewPrivs:.1' /proc/self/status; ulimit -n; cat " + _world.Folder + "/instances/b/record.json";

        await _world.StartAsync(_world.Shell("b", "sleep 1000"));
        await _world.StartAsync(_world.Shell("a", script));
        await _world.EndAsync("a");

        var text = await _world.TextAsync("a");
        Assert.InRange(int.Parse(text[0]), 300_000, 309_999);
        Assert.Equal(text[0], text[1]);
        Assert.Equal(["1", "1"], text.Skip(2).Take(2));

        // Root in a small container may not raise the limit; then the most it may have is handed on.
        Assert.InRange(int.Parse(text[4]), 1024, 25_000);
        Assert.Contains("Permission denied", text[5]);
    }

    [Fact]
    public async Task Nothing_the_environment_can_influence_runs_as_root()
    {
        Assert.SkipUnless(_world.Driver.Capabilities.IsolatesUsers, "Only root can give instances users of their own.");

        // The loader reports for every program it loads as whom it runs; the launching shell is one of them.
        var spec = _world.Shell("a", "true") with { Environment = [KeyValuePair.Create("LD_DEBUG", "statistics"), KeyValuePair.Create("LD_DEBUG_OUTPUT", _world.Image + "/loader")] };
        File.SetUnixFileMode(_world.Image, (UnixFileMode)0x1FF);

        await _world.StartAsync(spec);
        await _world.EndAsync("a");

        var reports = Directory.GetFiles(_world.Image, "loader*");
        Assert.NotEmpty(reports);
        Assert.All(reports, report => Assert.False(IsRootOwned(report), report));
    }

    [Fact]
    public async Task Mounted_files_are_laid_out_below_the_mounts_folder()
    {
        var spec = _world.Shell("a", "cat $SLIPWAY_MOUNTS/etc/app/key; stat -c %a $SLIPWAY_MOUNTS/etc/app/key; cat $SLIPWAY_MOUNTS/escape; echo $SLIPWAY_MOUNTS") with
        {
            Files = [new MountedFile("/etc/app/key", "secret\n"u8.ToArray(), 0x100), new MountedFile("/../../escape", "inside\n"u8.ToArray(), 0x1A4)],
        };

        await _world.StartAsync(spec);
        await _world.EndAsync("a");

        var text = await _world.TextAsync("a");
        Assert.Equal(["secret", "400", "inside"], text.Take(3));
        Assert.False(Directory.Exists(text[3]));
    }

    [Fact]
    public async Task Paths_of_the_image_are_found_in_the_unpacked_image()
    {
        Directory.CreateDirectory(Path.Combine(_world.Image, "app"));
        var program = Path.Combine(_world.Image, "app", "hello");
        File.WriteAllText(program, "#!/bin/sh\npwd; echo $1\n");
        File.SetUnixFileMode(program, (UnixFileMode)0x1ED);
        RunnableImage Image(string entrypoint) => new(_world.Image, true, [entrypoint], ["cmd"], [], "/app", null);

        foreach (var (id, entrypoint) in new[] { ("absolute", "/app/hello"), ("relative", "./hello"), ("bare", "hello") })
        {
            await _world.StartAsync(_world.Shell(id, "") with { Runnable = Image(entrypoint) });
            await _world.EndAsync(id);
            Assert.Equal([Path.Combine(_world.Image, "app"), "cmd"], await _world.TextAsync(id));
        }
    }

    [Theory]
    [InlineData("image-not-runnable", "container")]
    [InlineData("image-not-runnable", "no program")]
    [InlineData("image-not-runnable", "no entrypoint")]
    [InlineData("image-not-runnable", "no folder")]
    [InlineData("image-missing", "no image")]
    [InlineData("instance-id-invalid", "bad id")]
    public async Task What_cannot_run_is_refused_with_its_reason_and_leaves_nothing(string code, string what)
    {
        var spec = _world.Shell("a", "exit 0");
        spec = what switch
        {
            "container" => spec with { Runnable = spec.Runnable with { HostProcess = false } },
            "no program" => spec with { Command = ["/no/such/program"] },
            "no entrypoint" => spec with { Runnable = spec.Runnable with { Entrypoint = [] } },
            "no folder" => spec with { WorkingDirectory = "/not/there" },
            "no image" => spec with { Runnable = spec.Runnable with { Root = _world.Image + "-gone" } },
            _ => spec with { Id = "../escape" },
        };

        var outcome = await _world.Driver.StartAsync(spec, default);

        Assert.Equal(code, outcome.Failure!.Code);
        Assert.Empty(_world.Driver.List());
        Assert.Empty(Directory.GetDirectories(Path.Combine(_world.Folder, "instances")));
        Assert.Equal(0, _world.Driver.Machine.Ports.Count + _world.Driver.Machine.Users.Count);
    }

    [Fact]
    public async Task When_all_ports_are_taken_the_range_is_named()
    {
        await using var small = new ProcessWorld(options: options => options with { PortFirst = 14_990, PortCount = 1 });
        await small.StartAsync(small.Shell("a", "sleep 1000"));

        var outcome = await small.Driver.StartAsync(small.Shell("b", "sleep 1000"), default);

        Assert.Equal("no-free-port", outcome.Failure!.Code);
        Assert.Contains("14990", outcome.Failure.Detail);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static bool IsRootOwned(string path)
    {
        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/usr/bin/stat", ["-c", "%u", path]) { RedirectStandardOutput = true })!;
        var owner = stat.StandardOutput.ReadToEnd().Trim();
        stat.WaitForExit();
        return owner == "0";
    }
}
