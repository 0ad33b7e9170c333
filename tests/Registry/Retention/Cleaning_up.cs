using Slipway.Registry.Content;

namespace Slipway.Registry.Tests.Retention;

public sealed class Cleaning_up
{
    private static readonly TimeSpan s_hours = TimeSpan.FromHours(2);
    private static readonly HashSet<string> s_nothing = [];

    [Fact]
    public async Task Old_tags_go_and_their_content_follows_after_the_grace_age()
    {
        await using var registry = await RegistryHost.StartAsync();
        var old = await PushAsync(registry, "one");
        var current = await PushAsync(registry, "two");
        registry.Time.Advance(s_hours);

        var first = (await registry.Store.CleanAsync(s_nothing, newestTagsKept: 1, CancellationToken.None)).Value;
        Assert.Equal((1, 0, 0), (first.TagsRemoved, first.ManifestsRemoved, first.BlobsRemoved));
        Assert.True(first.Marked > 0);

        await CleanUntilQuietAsync(registry, s_nothing);

        Assert.Equal("image-not-found", (await registry.Store.ResolveAsync($"app@{old}", CancellationToken.None)).Failure?.Code);
        var prepared = await registry.Store.PrepareAsync($"app@{current}", CancellationToken.None);
        Assert.True(prepared.Succeeded, prepared.Failure?.ToString());
        Assert.Equal(3, Directory.EnumerateFiles(Path.Combine(registry.Folder, "blobs"), "*", SearchOption.AllDirectories).Count());
    }

    [Fact]
    public async Task What_is_in_use_stays_with_everything_it_needs_however_old()
    {
        await using var registry = await RegistryHost.StartAsync();
        var serving = await PushAsync(registry, "one");
        await PushAsync(registry, "two");
        registry.Time.Advance(s_hours);

        await CleanUntilQuietAsync(registry, [$"app@{serving}"]);

        Assert.True((await registry.Store.PrepareAsync($"app@{serving}", CancellationToken.None)).Succeeded);
    }

    [Fact]
    public async Task A_push_in_flight_and_a_deployment_in_flight_lose_nothing()
    {
        await using var registry = await RegistryHost.StartAsync();
        var abandoned = await registry.PushBlobAsync("app", [1, 2, 3]);
        registry.Time.Advance(s_hours);
        await registry.Store.CleanAsync(s_nothing, 0, CancellationToken.None);
        registry.Time.Advance(s_hours);

        // A client asks for the blob that was just about to go, hears that it is there, and relies on that.
        using var head = await registry.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/v2/app/blobs/{abandoned}"));
        Assert.True(head.IsSuccessStatusCode);
        await registry.Store.CleanAsync(s_nothing, 0, CancellationToken.None);

        using var put = await registry.PutManifestAsync("app", "latest", Documents.Manifest(abandoned));
        Assert.True(put.IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_list_of_what_is_in_use_that_cannot_be_read_removes_nothing()
    {
        await using var registry = await RegistryHost.StartAsync();
        await registry.PushImageAsync("app", "one");

        var cleaned = await registry.Store.CleanAsync(new HashSet<string> { "app:latest" }, 0, CancellationToken.None);

        Assert.Equal("digest-invalid", cleaned.Failure?.Code);
    }

    [Fact]
    public async Task A_folder_of_an_image_that_is_gone_is_removed()
    {
        await using var registry = await RegistryHost.StartAsync();
        var digest = await PushAsync(registry, "one");
        await registry.Store.PrepareAsync($"app@{digest}", CancellationToken.None);
        Assert.Null(await registry.Store.DeleteAsync($"app@{digest}", CancellationToken.None));
        registry.Time.Advance(s_hours);

        await CleanUntilQuietAsync(registry, s_nothing);

        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(registry.Folder, "unpacked")));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(registry.Folder, "blobs"), "*", SearchOption.AllDirectories));
    }

    private static async Task<string> PushAsync(RegistryHost registry, string tag)
    {
        var digest = await registry.PushImageAsync("app", tag, "content of " + tag);
        registry.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(Digest.TryParse(digest, out _));
        return digest;
    }

    /// <summary>Each round frees what the round before let go of, so a few rounds reach the end.</summary>
    private static async Task CleanUntilQuietAsync(RegistryHost registry, HashSet<string> inUse)
    {
        for (var round = 0; round < 8; round++)
        {
            registry.Time.Advance(s_hours);
            Assert.True((await registry.Store.CleanAsync(inUse, 1, CancellationToken.None)).Succeeded);
        }
    }
}
