using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Registry.Distribution;
using Slipway.Registry.Images;

namespace Slipway.Registry.Tests.ImageStores;

public sealed class Resolving_references
{
    [Theory]
    [InlineData("hello", null, "hello", "latest", "hello")]
    [InlineData("team/hello:v1", null, "team/hello", "v1", "team/hello")]
    [InlineData("localhost:5000/hello:v1", "localhost:5000", "hello", "v1", "localhost:5000/hello")]
    [InlineData("ghcr.io/a/b", "ghcr.io", "a/b", "latest", "ghcr.io/a/b")]
    public void A_reference_is_taken_apart(string text, string? host, string repository, string? tag, string repositoryText)
    {
        var parsed = ImageReference.Parse(text).Value;

        Assert.Equal((host, repository, tag, repositoryText), (parsed.Host, parsed.Repository, parsed.Tag, parsed.RepositoryText));
    }

    [Theory]
    [InlineData("")]
    [InlineData("UPPER")]
    [InlineData("a:b:c")]
    [InlineData("app@sha256:12")]
    [InlineData("app@md5:12")]
    [InlineData("app:.x")]
    [InlineData("../etc")]
    [InlineData("a b")]
    [InlineData("localhost:5000/")]
    public async Task A_text_that_is_no_reference_is_refused(string text)
    {
        await using var registry = await RegistryHost.StartAsync();

        Assert.Equal("image-reference-invalid", (await registry.Store.ResolveAsync(text, CancellationToken.None)).Failure?.Code);
    }

    [Fact]
    public async Task A_tag_becomes_a_digest_and_the_name_stays_as_written()
    {
        await using var registry = await RegistryHost.StartAsync();
        var digest = await registry.PushImageAsync("team/app", "v1");

        async Task<string> ResolveAsync(string reference) => (await registry.Store.ResolveAsync(reference, CancellationToken.None)).Value;
        Assert.Equal($"team/app@{digest}", await ResolveAsync("team/app:v1"));
        Assert.Equal($"localhost:5000/team/app@{digest}", await ResolveAsync("localhost:5000/team/app:v1"));
        Assert.Equal($"dev.local/team/app@{digest}", await ResolveAsync($"dev.local/team/app@{digest}"));
        Assert.Equal("image-not-found", (await registry.Store.ResolveAsync("team/app:v2", CancellationToken.None)).Failure?.Code);
    }

    [Fact]
    public async Task An_image_of_another_registry_is_fetched_once_and_then_kept()
    {
        var remote = await RegistryHost.StartAsync(LoopbackAccess.None);
        await using var local = await RegistryHost.StartAsync(change: options => options with { Credentials = _ => new RemoteCredential(RegistryHost.Owner, RegistryHost.Secret) });
        var authority = remote.Address.Authority;
        string reference;
        await using (remote)
        {
            remote.Http.DefaultRequestHeaders.Authorization = RegistryHost.Basic(RegistryHost.Owner, RegistryHost.Secret);
            var child = await remote.PushImageAsync("team/app", "one");
            using var put = await remote.PutManifestAsync("team/app", "all", Documents.IndexOf(child), Documents.Index);
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);

            reference = (await local.Store.ResolveAsync($"{authority}/team/app:all", CancellationToken.None)).Value;
            var prepared = await local.Store.PrepareAsync(reference, CancellationToken.None);
            Assert.True(prepared.Succeeded, prepared.Failure?.ToString());
            Assert.Equal("layer", await File.ReadAllTextAsync(Path.Combine(prepared.Value.Root, "hello.txt")));
        }

        Assert.StartsWith($"{authority}/team/app@sha256:", reference, StringComparison.Ordinal);
        Assert.True((await local.Store.PrepareAsync(reference, CancellationToken.None)).Succeeded);
        Assert.Equal(reference, (await local.Store.ResolveAsync(reference, CancellationToken.None)).Value);
        Assert.Equal("registry-unreachable", (await local.Store.ResolveAsync($"{authority}/team/app:all", CancellationToken.None)).Failure?.Code);
    }

    [Fact]
    public async Task What_another_registry_refuses_or_lacks_is_told_apart()
    {
        await using var remote = await RegistryHost.StartAsync(LoopbackAccess.None);
        await using var known = await RegistryHost.StartAsync(change: options => options with { Credentials = _ => new RemoteCredential(RegistryHost.Owner, RegistryHost.Secret) });
        await using var stranger = await RegistryHost.StartAsync();
        var reference = $"{remote.Address.Authority}/team/app:v1";

        Assert.Equal("image-not-found", (await known.Store.ResolveAsync(reference, CancellationToken.None)).Failure?.Code);
        Assert.Equal("image-unauthorised", (await stranger.Store.ResolveAsync(reference, CancellationToken.None)).Failure?.Code);
    }

    [Fact]
    public async Task An_image_for_another_kind_of_machine_is_refused()
    {
        await using var registry = await RegistryHost.StartAsync();
        var child = await registry.PushImageAsync("app", "one");
        using var put = await registry.PutManifestAsync("app", "all", Documents.IndexOf(child, "s390x"), Documents.Index);
        var reference = (await registry.Store.ResolveAsync("app:all", CancellationToken.None)).Value;

        var prepared = await registry.Store.PrepareAsync(reference, CancellationToken.None);

        Assert.Equal("image-unsupported", prepared.Failure?.Code);
    }

    [Fact]
    public async Task Images_are_listed_and_deleted()
    {
        await using var registry = await RegistryHost.StartAsync();
        var digest = await registry.PushImageAsync("app", "v1");

        var listed = Assert.Single(await registry.Store.ListAsync(CancellationToken.None));
        Assert.Equal(("app", "v1", digest), (listed.Repository, listed.Tag, listed.Digest));
        Assert.True(listed.Bytes > 100);
        Assert.Null(await registry.Store.DeleteAsync("app:v1", CancellationToken.None));
        Assert.Null(Assert.Single(await registry.Store.ListAsync(CancellationToken.None)).Tag);
        Assert.Null(await registry.Store.DeleteAsync($"app@{digest}", CancellationToken.None));
        Assert.Empty(await registry.Store.ListAsync(CancellationToken.None));
        Assert.Equal("image-not-found", (await registry.Store.DeleteAsync("app:v1", CancellationToken.None))?.Code);
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        var digest = string.Empty;
        await using (var registry = await RegistryHost.StartAsync(change: options => options with { Folder = folder.Path }))
        {
            digest = await registry.PushImageAsync("app", "v1");
        }

        using var store = ImageStore.Open(new ImageStoreOptions { Folder = folder.Path, DefaultRegistry = null }, TimeProvider.System, NullLoggerFactory.Instance).Value;
        Assert.Equal($"app@{digest}", (await store.ResolveAsync("app:v1", CancellationToken.None)).Value);
        Assert.True((await store.PrepareAsync($"app@{digest}", CancellationToken.None)).Succeeded);
    }

    [Fact]
    public void Wrong_options_are_all_named()
    {
        var opened = ImageStore.Open(new ImageStoreOptions { Folder = " ", UploadsMax = 0, GraceAge = TimeSpan.Zero }, TimeProvider.System, NullLoggerFactory.Instance);

        Assert.Equal("options-invalid", opened.Failure?.Code);
        Assert.All(new[] { "Folder", "UploadsMax", "GraceAge" }, name => Assert.Contains(name, opened.Failure!.Detail, StringComparison.Ordinal));
    }
}
