using Slipway.Registry.Content;

namespace Slipway.Registry.Retention;

/// <summary>Everything the decision depends on: plain data, read before and not looked at again.</summary>
internal sealed record RetentionPicture
{
    public required DateTimeOffset Now { get; init; }

    public required TimeSpan GraceAge { get; init; }

    /// <summary>Manifests that serve or can be rolled back to.</summary>
    public required IReadOnlySet<Digest> InUse { get; init; }

    public required int NewestTagsKept { get; init; }

    public IReadOnlyList<RepositoryPicture> Repositories { get; init; } = [];

    /// <summary>What each known manifest needs, also those in use that no repository links any more.</summary>
    public IReadOnlyDictionary<Digest, ManifestNeeds> Manifests { get; init; } = new Dictionary<Digest, ManifestNeeds>();

    public IReadOnlyList<StoredBlob> Blobs { get; init; } = [];

    /// <summary>Manifests whose images are laid out as folders.</summary>
    public IReadOnlyList<Digest> Unpacked { get; init; } = [];

    /// <summary>What earlier runs found to be unneeded, and when they first did.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Marks { get; init; } = new Dictionary<string, DateTimeOffset>();
}

internal sealed record RepositoryPicture(
    string Name, IReadOnlyList<TagPicture> Tags, IReadOnlyList<LinkPicture> Manifests, IReadOnlyList<LinkPicture> BlobLinks);

internal sealed record TagPicture(string Tag, Digest Digest, DateTimeOffset TaggedAt);

internal sealed record LinkPicture(Digest Digest, DateTimeOffset LinkedAt);

internal sealed record ManifestNeeds(IReadOnlyList<Digest> Blobs, IReadOnlyList<Digest> Children, Digest? Subject);

/// <summary>What goes, in the order in which it must go, and what is marked for a later run.</summary>
internal sealed record RetentionPlan(
    IReadOnlyList<(string Repository, string Tag)> Tags,
    IReadOnlyList<(string Repository, Digest Digest)> Manifests,
    IReadOnlyList<(string Repository, Digest Digest)> BlobLinks,
    IReadOnlyList<Digest> Unpacked,
    IReadOnlyList<StoredBlob> Blobs,
    IReadOnlyDictionary<string, DateTimeOffset> Marks);
