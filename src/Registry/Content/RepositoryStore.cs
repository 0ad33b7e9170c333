using System.Text;
using Slipway.Model.Failures;

namespace Slipway.Registry.Content;

/// <summary>
/// Which repository holds what. Every fact is one small file: <c>_blobs/HEX</c> (holds that blob), <c>_manifests/HEX</c>
/// (holds that manifest; its content is the media type), <c>_referrers/HEX/HEX</c> (attachments) and <c>_tags/TAG</c> (a digest).
/// The files can therefore be read after a crash without any repair, and a tag moves in a single rename.
/// </summary>
internal sealed class RepositoryStore(ContentFolders folders, BlobStore blobs)
{
    private const string BlobLinks = "_blobs";
    private const string ManifestLinks = "_manifests";
    private const string ReferrerLinks = "_referrers";
    private const string Tags = "_tags";

    public bool HasBlob(string repository, Digest digest) => File.Exists(Link(repository, BlobLinks, digest)) && blobs.Contains(digest);

    public async Task LinkBlobAsync(string repository, Digest digest, CancellationToken cancellation)
    {
        var link = Link(repository, BlobLinks, digest);
        if (!File.Exists(link))
        {
            await DurableFile.WriteAsync(link, folders.Pending, ReadOnlyMemory<byte>.Empty, cancellation);
        }
    }

    public void UnlinkBlob(string repository, Digest digest) => Remove(Link(repository, BlobLinks, digest));

    public bool HasManifest(string repository, Digest digest) => File.Exists(Link(repository, ManifestLinks, digest)) && blobs.Contains(digest);

    public async Task LinkManifestAsync(string repository, Manifest manifest, CancellationToken cancellation)
    {
        // The attachment comes first: a listed attachment without its manifest is skipped by readers, the reverse would be lost.
        if (manifest.Subject is { } subject)
        {
            await DurableFile.WriteAsync(Path.Combine(Folder(repository), ReferrerLinks, subject.Hex, manifest.Digest.Hex), folders.Pending, ReadOnlyMemory<byte>.Empty, cancellation);
        }

        await DurableFile.WriteAsync(Link(repository, ManifestLinks, manifest.Digest), folders.Pending, Encoding.ASCII.GetBytes(manifest.MediaType), cancellation);
    }

    public async Task<Manifest?> ReadManifestAsync(string repository, Digest digest, CancellationToken cancellation)
    {
        var mediaType = await ReadAsync(Link(repository, ManifestLinks, digest), cancellation);
        if (mediaType is null || await blobs.ReadAsync(digest, cancellation) is not { } bytes)
        {
            return null;
        }

        var read = Manifest.Read(bytes, mediaType);
        return read.Succeeded ? read.Value : null;
    }

    /// <summary>Removes a manifest from a repository, with the tags that point to it: a tag never names what is not there.</summary>
    public async Task<bool> UnlinkManifestAsync(string repository, Digest digest, CancellationToken cancellation)
    {
        var manifest = await ReadManifestAsync(repository, digest, cancellation);
        foreach (var tag in ListTags(repository))
        {
            if (await ReadTagAsync(repository, tag, cancellation) == digest)
            {
                RemoveTag(repository, tag);
            }
        }

        if (manifest?.Subject is { } subject)
        {
            Remove(Path.Combine(Folder(repository), ReferrerLinks, subject.Hex, digest.Hex));
        }

        var link = Link(repository, ManifestLinks, digest);
        var existed = File.Exists(link);
        Remove(link);
        return existed;
    }

    public async Task<Digest?> ReadTagAsync(string repository, string tag, CancellationToken cancellation) =>
        Digest.TryParse(await ReadAsync(TagPath(repository, tag), cancellation), out var digest) ? digest : null;

    public Task WriteTagAsync(string repository, string tag, Digest digest, CancellationToken cancellation) =>
        DurableFile.WriteAsync(TagPath(repository, tag), folders.Pending, Encoding.ASCII.GetBytes(digest.ToString()), cancellation);

    public bool RemoveTag(string repository, string tag)
    {
        var path = TagPath(repository, tag);
        var existed = File.Exists(path);
        Remove(path);
        return existed;
    }

    public DateTimeOffset TaggedAt(string repository, string tag) => new(File.GetLastWriteTimeUtc(TagPath(repository, tag)), TimeSpan.Zero);

    /// <summary>In the order the protocol wants: by code point.</summary>
    public IReadOnlyList<string> ListTags(string repository) => Files(Path.Combine(Folder(repository), Tags));

    public IReadOnlyList<Digest> ListManifests(string repository) => Digests(Path.Combine(Folder(repository), ManifestLinks));

    public IReadOnlyList<Digest> ListBlobs(string repository) => Digests(Path.Combine(Folder(repository), BlobLinks));

    public IReadOnlyList<Digest> ListReferrers(string repository, Digest subject) => Digests(Path.Combine(Folder(repository), ReferrerLinks, subject.Hex));

    public DateTimeOffset LinkedAt(string repository, Digest manifest) => new(File.GetLastWriteTimeUtc(Link(repository, ManifestLinks, manifest)), TimeSpan.Zero);

    public DateTimeOffset BlobLinkedAt(string repository, Digest blob) => new(File.GetLastWriteTimeUtc(Link(repository, BlobLinks, blob)), TimeSpan.Zero);

    public bool Exists(string repository) => Directory.Exists(Path.Combine(Folder(repository), ManifestLinks));

    /// <summary>All repositories that ever held something, by name.</summary>
    public IReadOnlyList<string> ListRepositories()
    {
        var names = new List<string>();
        Visit(folders.Repositories, string.Empty);
        names.Sort(StringComparer.Ordinal);
        return names;

        void Visit(string folder, string name)
        {
            foreach (var child in Directory.EnumerateDirectories(folder))
            {
                var part = Path.GetFileName(child);
                if (part.StartsWith('_'))
                {
                    // Blob links alone are a push that has not come to its manifest, but retention must see them too.
                    if (part is ManifestLinks or BlobLinks && !names.Contains(name))
                    {
                        names.Add(name);
                    }
                }
                else
                {
                    Visit(child, name.Length == 0 ? part : name + "/" + part);
                }
            }
        }
    }

    private string Folder(string repository) => Names.IsRepository(repository)
        ? Path.Combine(folders.Repositories, repository)
        : throw new ArgumentException($"'{repository}' is not a repository name; callers check names before they get here.", nameof(repository));

    private string Link(string repository, string kind, Digest digest) => Path.Combine(Folder(repository), kind, digest.Hex);

    private string TagPath(string repository, string tag) => Names.IsTag(tag)
        ? Path.Combine(Folder(repository), Tags, tag)
        : throw new ArgumentException($"'{tag}' is not a tag; callers check tags before they get here.", nameof(tag));

    private static async Task<string?> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return await File.ReadAllTextAsync(path, cancellation);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static List<string> Files(string folder)
    {
        try
        {
            List<string> names = [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path))];
            names.Sort(StringComparer.Ordinal);
            return names;
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private static List<Digest> Digests(string folder)
    {
        var digests = new List<Digest>();
        foreach (var name in Files(folder))
        {
            if (Digest.TryParseHex(name, out var digest))
            {
                digests.Add(digest);
            }
        }

        return digests;
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
            DurableFile.SyncFolder(Path.GetDirectoryName(path)!);
        }
        catch (DirectoryNotFoundException)
        {
            // Nothing was there, which is what was wanted.
        }
    }
}
