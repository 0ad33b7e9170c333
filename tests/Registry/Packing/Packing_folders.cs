using Slipway.Model.Failures;
using Slipway.Registry.Packing;

namespace Slipway.Registry.Tests.Packing;

public sealed class Packing_folders
{
    private static readonly PackSettings s_settings = new() { Entrypoint = ["./serve", "--fast"], Environment = [KeyValuePair.Create("MODE", "test")] };

    [Fact]
    public async Task Equal_folders_give_equal_digests_wherever_and_whenever_they_were_made()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        string[] names = ["serve", "web/index.html", "web/a/deep/file.txt", "ä ö.txt", new string('n', 180) + "/" + new string('m', 120)];
        foreach (var name in names)
        {
            first.File(name, "content of " + name);
        }

        foreach (var name in names.Reverse())
        {
            File.SetLastWriteTimeUtc(second.File(name, "content of " + name), new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        }

        Assert.Equal(await DigestAsync(first), await DigestAsync(second));
    }

    [Fact]
    public async Task Another_byte_another_name_or_the_right_to_execute_changes_the_digest()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("serve", "one");
        var digests = new HashSet<string> { await DigestAsync(folder) };

        File.WriteAllText(path, "two");
        Assert.True(digests.Add(await DigestAsync(folder)));
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        Assert.True(digests.Add(await DigestAsync(folder)));
        File.Move(path, path + "2");
        Assert.True(digests.Add(await DigestAsync(folder)));
    }

    [Fact]
    public async Task A_changed_file_of_the_same_length_gets_another_time_so_that_browsers_notice()
    {
        using var folder = new TemporaryFolder();
        await using var registry = await RegistryHost.StartAsync();
        var times = new HashSet<DateTime>();
        foreach (var content in new[] { "one", "two" })
        {
            folder.File("page.html", content);
            var root = await ImportAsync(registry, folder);
            times.Add(File.GetLastWriteTimeUtc(Path.Combine(root, "app", "page.html")));
        }

        Assert.Equal(2, times.Count);
    }

    [Fact]
    public async Task A_packed_folder_is_prepared_with_its_command_links_and_modes()
    {
        using var folder = new TemporaryFolder();
        File.SetUnixFileMode(folder.File("serve", "#!/bin/sh"), (UnixFileMode)0b111_000_000);
        folder.File("data/config", "x");
        folder.File(".git/objects/secret", "history");
        File.CreateSymbolicLink(Path.Combine(folder.Path, "data", "link"), "../serve");
        await using var registry = await RegistryHost.StartAsync();
        using var packed = (await new ImagePacker(Path.GetTempPath()).PackFolderAsync(folder.Path, s_settings, CancellationToken.None)).Value;

        var reference = await registry.Store.ImportAsync(packed, "shop/cart", "latest", CancellationToken.None);

        Assert.Equal($"shop/cart@{packed.Digest}", reference.Value);
        var image = (await registry.Store.PrepareAsync(reference.Value, CancellationToken.None)).Value;
        Assert.True(image.HostProcess);
        Assert.Equal(["./serve", "--fast"], image.Entrypoint);
        Assert.Equal([KeyValuePair.Create("MODE", "test")], image.Env);
        Assert.Equal("/app", image.WorkingDir);
        Assert.Equal((UnixFileMode)0b111_101_101, File.GetUnixFileMode(Path.Combine(image.Root, "app", "serve")));
        Assert.Equal("../serve", new FileInfo(Path.Combine(image.Root, "app", "data", "link")).LinkTarget);
        Assert.False(Directory.Exists(Path.Combine(image.Root, "app", ".git")));
    }

    [Fact]
    public async Task A_packed_folder_can_be_pushed_and_a_second_push_sends_no_content()
    {
        using var folder = new TemporaryFolder();
        folder.File("serve", "x");
        await using var registry = await RegistryHost.StartAsync(Slipway.Registry.Distribution.LoopbackAccess.None);
        using var packed = (await new ImagePacker(Path.GetTempPath()).PackFolderAsync(folder.Path, s_settings, CancellationToken.None)).Value;
        using var http = new HttpClient();
        var pusher = new Slipway.Registry.Images.ImagePusher(http, TimeSpan.FromSeconds(30), TimeProvider.System);
        var progress = new Collected();
        Task<Outcome<string>> PushAsync(string secret) => pusher.PushAsync(
            packed, registry.Address, "app", "v1", new(RegistryHost.Owner, secret), progress, CancellationToken.None);

        Assert.Equal("image-unauthorised", (await PushAsync("wrong")).Failure?.Code);
        var pushed = await PushAsync(RegistryHost.Secret);
        Assert.True(pushed.Succeeded, pushed.Failure?.ToString());
        Assert.Equal($"{registry.Address.Authority}/app@{packed.Digest}", pushed.Value);
        var sent = progress.Lines.Count;
        Assert.True((await PushAsync(RegistryHost.Secret)).Succeeded);

        Assert.Equal(2, sent);
        Assert.Equal(sent, progress.Lines.Count);
        Assert.True((await registry.Store.PrepareAsync($"app@{packed.Digest}", CancellationToken.None)).Value.HostProcess);
    }

    [Fact]
    public async Task What_cannot_be_packed_is_refused_with_its_name()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(Path.Combine(folder.Path, "out"), "../../etc/passwd");
        var packer = new ImagePacker(Path.GetTempPath());

        var linked = await packer.PackFolderAsync(folder.Path, s_settings, CancellationToken.None);
        var missing = await packer.PackFolderAsync(folder.Path + "-missing", s_settings, CancellationToken.None);
        var idle = await packer.PackFolderAsync(folder.Path, s_settings with { Entrypoint = [] }, CancellationToken.None);

        Assert.Equal("folder-invalid", linked.Failure?.Code);
        Assert.Contains("out", linked.Failure?.Detail, StringComparison.Ordinal);
        Assert.Equal("folder-not-found", missing.Failure?.Code);
        Assert.Equal("command-missing", idle.Failure?.Code);
    }

    private static async Task<string> DigestAsync(TemporaryFolder folder)
    {
        using var packed = (await new ImagePacker(Path.GetTempPath()).PackFolderAsync(folder.Path, s_settings, CancellationToken.None)).Value;
        return packed.Digest.ToString();
    }

    private static async Task<string> ImportAsync(RegistryHost registry, TemporaryFolder folder)
    {
        using var packed = (await new ImagePacker(Path.GetTempPath()).PackFolderAsync(folder.Path, s_settings, CancellationToken.None)).Value;
        var reference = await registry.Store.ImportAsync(packed, "app", "latest", CancellationToken.None);
        return (await registry.Store.PrepareAsync(reference.Value, CancellationToken.None)).Value.Root;
    }

    private sealed class Collected : IProgress<string>
    {
        public List<string> Lines { get; } = [];

        public void Report(string value) => Lines.Add(value);
    }
}
