using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Registry.Content;
using Slipway.Registry.Images;

namespace Slipway.Registry.Tests.Content;

public sealed class Storage_troubles
{
    [Fact]
    public void A_folder_that_cannot_be_made_is_named()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("file", "in the way");

        var opened = ImageStore.Open(new ImageStoreOptions { Folder = Path.Combine(file, "registry") }, TimeProvider.System, NullLoggerFactory.Instance);

        Assert.Equal("state-unwritable", opened.Failure?.Code);
        Assert.Contains(file, opened.Failure?.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(28, "disk-full")]
    [InlineData(122, "disk-full")]
    [InlineData(30, "state-unwritable")]
    public void The_systems_error_numbers_are_understood(int errno, string code) =>
        Assert.Equal(code, StorageFailure.From(new IOException("x", errno), "/state")?.Code);

    [Fact]
    public void Other_errors_are_not_explained_away() => Assert.Null(StorageFailure.From(new IOException("x", 5), "/state"));

    [Fact]
    public async Task A_full_disk_refuses_a_push_and_keeps_what_was_there()
    {
        using var disk = SmallDisk.TryMount();
        Assert.SkipWhen(disk is null, "mounting a small disk needs root");
        await using var registry = await RegistryHost.StartAsync(change: options => options with { Folder = Path.Combine(disk.Path, "registry") });
        var digest = await registry.PushImageAsync("app", "v1");
        var large = new byte[4 * 1024 * 1024];
        Random.Shared.NextBytes(large);

        using var refused = await registry.Http.PostAsync($"/v2/app/blobs/uploads/?digest={Digest.Of(large)}", RegistryHost.Bytes(large));

        Assert.Equal((HttpStatusCode)507, refused.StatusCode);
        Assert.Contains("full", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True((await registry.Store.PrepareAsync($"app@{digest}", CancellationToken.None)).Succeeded);
        await registry.PushImageAsync("app", "v2", "other");
    }

    [Fact]
    public async Task A_disk_that_became_read_only_refuses_writes_and_goes_on_reading()
    {
        using var disk = SmallDisk.TryMount();
        Assert.SkipWhen(disk is null, "mounting a small disk needs root");
        await using var registry = await RegistryHost.StartAsync(change: options => options with { Folder = Path.Combine(disk.Path, "registry") });
        var digest = await registry.PushImageAsync("app", "v1");
        disk.MakeReadOnly();

        using var refused = await registry.Http.PostAsync("/v2/app/blobs/uploads/", null);
        using var read = await registry.Http.GetAsync($"/v2/app/manifests/{digest}");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
    }

    private sealed class SmallDisk : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public string Path => _folder.Path;

        public static SmallDisk? TryMount()
        {
            var disk = new SmallDisk();
            if (Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.Path))
            {
                return disk;
            }

            disk._folder.Dispose();
            return null;
        }

        public void MakeReadOnly() => Assert.True(Run("mount", "-o", "remount,ro", Path));

        public void Dispose()
        {
            Run("umount", "-l", Path);
            _folder.Dispose();
        }

        private static bool Run(string program, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true });
            process!.WaitForExit();
            return process.ExitCode == 0;
        }
    }
}
