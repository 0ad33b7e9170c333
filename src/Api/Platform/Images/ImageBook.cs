using Slipway.Model;
using Slipway.Model.Resources;
using Slipway.Registry.Images;

namespace Slipway.Api.Platform.Images;

/// <summary>One image in the built-in registry.</summary>
/// <param name="Id"><c>repository:tag</c>, or <c>repository@digest</c> for one without a tag.</param>
/// <param name="Reference">What a deployment names it by.</param>
/// <param name="Revisions">The revisions that run it or can be rolled back to it, as <c>namespace/name</c>.</param>
internal sealed record ImageView(
    string Id,
    string Repository,
    string? Tag,
    string Digest,
    string Reference,
    string MediaType,
    long SizeBytes,
    bool HostProcess,
    IReadOnlyList<string> Revisions,
    DateTimeOffset PushedAt);

/// <summary>The images of the built-in registry, and who uses them.</summary>
internal sealed class ImageBook(PlatformServices services)
{
    public async Task<IReadOnlyList<ImageView>> ReadAsync(CancellationToken cancellation)
    {
        var users = Users();
        return
        [
            .. (await services.Images.ListAsync(cancellation))
                .Select(image => Show(image, users))
                .OrderBy(image => image.Repository, StringComparer.Ordinal)
                .ThenBy(image => image.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>What a path means: one image by tag or digest, or everything in a repository.</summary>
    public async Task<IReadOnlyList<ImageView>> FindAsync(string path, CancellationToken cancellation)
    {
        var all = await ReadAsync(cancellation);
        return [.. all.Where(image => image.Repository == path || image.Id == path || $"{image.Repository}@{image.Digest}" == path)];
    }

    private ImageView Show(StoredImage image, ILookup<string, string> users)
    {
        var id = image.Tag is null ? $"{image.Repository}@{image.Digest}" : $"{image.Repository}:{image.Tag}";
        return new ImageView(
            id, image.Repository, image.Tag, image.Digest, $"{services.RegistryAddress}/{id}", image.MediaType, image.Bytes, image.HostProcess,
            [.. users[image.Digest]], image.PushedAt);
    }

    private ILookup<string, string> Users() => services.Api.Store.List(Kinds.Revision).Items
        .SelectMany(revision => DigestsOf(revision).Select(digest => (Digest: digest, Revision: $"{revision.Namespace}/{revision.Name}")))
        .Distinct()
        .ToLookup(use => use.Digest, use => use.Revision);

    private static IEnumerable<string> DigestsOf(Resource revision)
    {
        var resolved = revision.Read("status", KindsJson.Default.RevisionStatus)?.ContainerStatuses?.Select(status => status.ImageDigest) ?? [];
        var written = revision.Read("spec", KindsJson.Default.TemplateSpec)?.Containers.Select(container => container.Image) ?? [];
        foreach (var image in resolved.Concat(written))
        {
            var at = image?.IndexOf('@', StringComparison.Ordinal) ?? -1;
            if (at >= 0)
            {
                yield return image![(at + 1)..];
            }
        }
    }
}
