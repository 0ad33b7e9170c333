using System.Formats.Tar;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Model.Failures;
using Slipway.Registry.Content;
using Slipway.Registry.Images;

namespace Slipway.Registry.Tests.Unpacking;

public sealed class Unpacking_images : IAsyncLifetime
{
    private const string HostLabel = ",\"Labels\":{\"dev.slipway.artifact\":\"host-process\"}";
    private RegistryHost _registry = null!;

    public async ValueTask InitializeAsync() => _registry = await RegistryHost.StartAsync(change: options => options with { UnpackedBytesMax = 8 * 1024 * 1024, UnpackedEntriesMax = 100 });

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task Later_layers_replace_hide_and_empty_what_is_below()
    {
        var image = await PrepareAsync(false,
            TarBytes.Of(tar => tar.Folder("etc").File("etc/kept", "1").File("etc/hidden", "1").Folder("old").File("old/a", "1").File("old/b", "1").File("changed", "1")),
            TarBytes.Of(tar => tar.File("etc/.wh.hidden", "").File("old/new", "2").File("old/.wh..wh..opq", "").File("changed", "2")));

        var root = image.Value.Root;
        Assert.Equal(["changed", "etc/kept", "old/new"], Files(root));
        Assert.Equal("2", await File.ReadAllTextAsync(Path.Combine(root, "changed")));
    }

    [Fact]
    public async Task The_configuration_says_how_to_run_the_image()
    {
        var image = await PrepareAsync(true, TarBytes.Of(tar => tar.Folder("app").File("app/run", "#!", (UnixFileMode)0b111_000_000)));

        Assert.True(image.Value.HostProcess);
        Assert.Equal(["./run"], image.Value.Entrypoint);
        Assert.Equal(["--fast"], image.Value.Cmd);
        Assert.Equal([KeyValuePair.Create("A", "1=2")], image.Value.Env);
        Assert.Equal(("/app", "1000:1000"), (image.Value.WorkingDir, image.Value.User));
    }

    [Fact]
    public async Task Files_of_a_host_process_are_readable_by_all_and_writable_by_none_but_the_owner()
    {
        var image = await PrepareAsync(true, TarBytes.Of(tar => tar
            .Folder("app", (UnixFileMode)0b111_000_000)
            .File("app/secret", "x", (UnixFileMode)0b110_000_000)
            .File("app/run", "x", (UnixFileMode)0b100_111_111_111)
            .File("app/open", "x", (UnixFileMode)0b110_110_110)));

        UnixFileMode Mode(string name) => File.GetUnixFileMode(Path.Combine(image.Value.Root, name));
        Assert.Equal((UnixFileMode)0b111_101_101, Mode("app"));
        Assert.Equal((UnixFileMode)0b110_100_100, Mode("app/secret"));
        Assert.Equal((UnixFileMode)0b111_101_101, Mode("app/run"));
        Assert.Equal((UnixFileMode)0b110_100_100, Mode("app/open"));
        Assert.Equal((UnixFileMode)0b111_101_101, Mode("."));
    }

    [Fact]
    public void Other_users_reach_an_image_they_know_and_can_list_or_read_nothing_else()
    {
        UnixFileMode Mode(string name) => File.GetUnixFileMode(Path.Combine(_registry.Folder, name));

        Assert.Equal((UnixFileMode)0b111_001_001, Mode("unpacked"));
        Assert.All(new[] { "blobs", "repositories", "pending", "unpacking" }, name => Assert.Equal((UnixFileMode)0b111_000_000, Mode(name)));
    }

    [Fact]
    public async Task No_file_keeps_the_power_to_act_as_its_owner()
    {
        var image = await PrepareAsync(false, TarBytes.Of(tar => tar.File("su", "x", (UnixFileMode)0b110_111_101_101)));

        Assert.Equal((UnixFileMode)0b111_101_101, File.GetUnixFileMode(Path.Combine(image.Value.Root, "su")));
    }

    [Fact]
    public async Task Links_inside_an_image_are_followed_inside_it_only()
    {
        var image = await PrepareAsync(false,
            TarBytes.Of(tar => tar.Folder("usr").Folder("usr/lib").Link("lib", "usr/lib").Link("abs", "/usr/lib")),
            TarBytes.Of(tar => tar.File("lib/one", "1").File("abs/two", "2").HardLink("three", "usr/lib/one")));

        Assert.Equal(["three", "usr/lib/one", "usr/lib/two"], Files(image.Value.Root));
    }

    public static TheoryData<string, bool> Hostile()
    {
        var data = new TheoryData<string, bool>();
        foreach (var name in s_hostile.Keys)
        {
            data.Add(name, true);
            if (!name.Contains("host only", StringComparison.Ordinal))
            {
                data.Add(name, false);
            }
        }

        return data;
    }

    private static readonly Dictionary<string, Action<TarBytes>> s_hostile = new()
    {
        ["a name with .."] = tar => tar.File("../../outside", "x"),
        ["a name with .. in the middle"] = tar => tar.File("a/../../outside", "x"),
        ["a relative link that leaves"] = tar => tar.Folder("a").Link("a/out", "../../outside"),
        ["an absolute link (host only)"] = tar => tar.Link("out", "/etc"),
        ["a second name for something outside"] = tar => tar.HardLink("out", "../../../etc/passwd"),
        ["a second name for something missing"] = tar => tar.HardLink("out", "etc/passwd"),
        ["a device"] = tar => tar.Entry(TarEntryType.BlockDevice, "disk"),
        ["a pipe"] = tar => tar.Entry(TarEntryType.Fifo, "pipe"),
        ["a device in dev (host only)"] = tar => tar.Entry(TarEntryType.CharacterDevice, "dev/mem"),
        ["a whiteout of the parent"] = tar => tar.File("a/.wh...", "x"),
        ["the root as a file"] = tar => tar.File("./", "x").Link("./", "/etc"),
        ["links in a circle"] = tar => tar.Link("a", "b").Link("b", "a").File("a/x", "x"),
        ["too much content"] = tar => tar.File("large", new string('x', 9 * 1024 * 1024)),
        ["too many entries"] = tar => Enumerable.Range(0, 101).ToList().ForEach(number => tar.Folder($"f{number}")),
        ["a folder tree without end"] = tar => tar.File(string.Concat(Enumerable.Repeat("d/", 60)) + string.Concat(Enumerable.Repeat("e/", 60)) + string.Concat(Enumerable.Repeat("f/", 5)) + string.Concat(Enumerable.Repeat("g/", 3)) + "x", "x"),
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task A_hostile_archive_is_refused_and_nothing_is_left(string name, bool hostProcess)
    {
        var image = await PrepareAsync(hostProcess, TarBytes.Of(s_hostile[name]));

        Assert.False(image.Succeeded, $"{name} was accepted");
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_registry.Folder, "unpacking")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_registry.Folder, "unpacked")));
    }

    [Fact]
    public async Task Bytes_that_are_no_archive_are_refused()
    {
        Assert.Equal("image-refused", (await PrepareAsync(false, [0x1f, 0x8b, 1, 2, 3])).Failure?.Code);
        Assert.Equal("image-refused", (await PrepareAsync(false, Encoding.ASCII.GetBytes(new string('?', 4096)))).Failure?.Code);
    }

    [Fact]
    public async Task A_zstd_layer_is_said_to_be_unsupported()
    {
        var image = await PrepareAsync(false, [0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0]);

        Assert.Equal("image-unsupported", image.Failure?.Code);
        Assert.Contains("zstd", image.Failure?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_push_of_a_host_process_is_unpacked_at_once_and_a_hostile_one_gets_no_tag()
    {
        var good = await PushAsync("good", true, TarBytes.Of(tar => tar.Folder("app").File("app/run", "x")));
        Assert.True(Directory.Exists(Path.Combine(_registry.Folder, "unpacked", good!["sha256:".Length..])));

        var bad = await PushAsync("bad", true, TarBytes.Of(tar => tar.Link("out", "/etc")));
        Assert.Null(bad);
        Assert.Equal("image-not-found", (await _registry.Store.ResolveAsync("bad:latest", CancellationToken.None)).Failure?.Code);
    }

    [Fact]
    public async Task A_stored_layer_that_was_damaged_is_noticed()
    {
        var layer = TarBytes.Of(tar => tar.File("a", "hello"), gzip: false);
        var digest = await PushAsync("app", false, layer);
        var hex = Digest.Of(layer).Hex;
        var path = Path.Combine(_registry.Folder, "blobs", "sha256", hex[..2], hex);
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[512] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);

        var prepared = await _registry.Store.PrepareAsync($"app@{digest}", CancellationToken.None);

        Assert.Contains("damaged", prepared.Failure?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_who_ask_at_once_share_one_unpacking()
    {
        var digest = await PushAsync("app", false, TarBytes.Of(tar => tar.File("a", new string('x', 1_000_000))));

        var prepared = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _registry.Store.PrepareAsync($"app@{digest}", CancellationToken.None)));

        Assert.All(prepared, one => Assert.True(one.Succeeded, one.Failure?.ToString()));
        Assert.Single(prepared.Select(one => one.Value.Root).Distinct());
    }

    [Fact]
    public async Task What_an_interrupted_process_left_is_gone_at_the_next_start()
    {
        using var folder = new TemporaryFolder();
        folder.File("pending/0198", "half a blob");
        folder.File("unpacking/0199/app/half", "half an image");

        using var store = ImageStore.Open(new ImageStoreOptions { Folder = folder.Path }, TimeProvider.System, NullLoggerFactory.Instance).Value;

        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(folder.Path, "pending")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(folder.Path, "unpacking")));
        await Task.CompletedTask;
    }

    private async Task<Outcome<PreparedImage>> PrepareAsync(bool hostProcess, params byte[][] layers)
    {
        // A host process is unpacked when it is pushed, so a hostile one is refused there already.
        var digest = await PushAsync("app", hostProcess, layers);
        return digest is null
            ? new Failure(FailureKind.Invalid, "image-refused", "refused at the push")
            : await _registry.Store.PrepareAsync($"app@{digest}", CancellationToken.None);
    }

    private async Task<string?> PushAsync(string repository, bool hostProcess, params byte[][] layers)
    {
        var config = await _registry.PushBlobAsync(repository, Encoding.UTF8.GetBytes(
            $$$"""{"os":"linux","config":{"Entrypoint":["./run"],"Cmd":["--fast"],"Env":["A=1=2","=odd"],"WorkingDir":"/app","User":"1000:1000"{{{(hostProcess ? HostLabel : "")}}}}}"""));
        var digests = new List<string>();
        foreach (var layer in layers)
        {
            digests.Add(await _registry.PushBlobAsync(repository, layer));
        }

        using var response = await _registry.PutManifestAsync(repository, "latest", Documents.Manifest(config, [.. digests]));
        return response.IsSuccessStatusCode ? response.Headers.GetValues("Docker-Content-Digest").Single() : null;
    }

    private static string[] Files(string root) => [.. Directory.EnumerateFiles(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
        .Select(path => Path.GetRelativePath(root, path)).Order(StringComparer.Ordinal)];
}
