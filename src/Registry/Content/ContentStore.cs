using Slipway.Model.Failures;

namespace Slipway.Registry.Content;

/// <summary>Blobs, repositories and the rules that hold between them.</summary>
internal sealed class ContentStore : IDisposable
{
    // Held while a manifest's references are checked and linked, and while retention removes content: between "everything is
    // here" and "the manifest is linked" nothing may disappear.
    private readonly SemaphoreSlim _references = new(1, 1);
    private readonly TimeProvider _time;

    public ContentStore(string root, TimeProvider time)
    {
        _time = time;
        Folders = new ContentFolders(Path.GetFullPath(root));
        Blobs = new BlobStore(Folders, time);
        Repositories = new RepositoryStore(Folders, Blobs);
    }

    public ContentFolders Folders { get; }

    public BlobStore Blobs { get; }

    public RepositoryStore Repositories { get; }

    /// <summary>The folders, ready and free of leftovers, or why that is impossible.</summary>
    public Failure? Open()
    {
        try
        {
            Folders.Open();
            return null;
        }
        catch (Exception exception) when (StorageFailure.Explains(exception))
        {
            return StorageFailure.From(exception, Folders.Root);
        }
    }

    /// <param name="partOfPlatforms">For copies of an index of which only our platform's image is kept.</param>
    public async Task<Outcome<Manifest>> PutManifestAsync(
        string repository, string reference, ReadOnlyMemory<byte> bytes, string? mediaType, CancellationToken cancellation, bool partOfPlatforms = false)
    {
        var read = Manifest.Read(bytes, mediaType);
        if (!read.Succeeded)
        {
            return read;
        }

        var manifest = read.Value;
        var isDigest = Digest.TryParse(reference, out var stated);
        if (isDigest && stated != manifest.Digest)
        {
            return ContentFailures.DigestMismatch(stated!, manifest.Digest);
        }

        using var held = await HoldReferencesAsync(cancellation);
        if (FirstMissing(repository, manifest) is { } missing && !(partOfPlatforms && manifest.IsIndex))
        {
            return ContentFailures.ManifestBlobUnknown(repository, missing);
        }

        try
        {
            var added = await Blobs.AddAsync(bytes, cancellation);
            if (!added.Succeeded)
            {
                return added.Failure!;
            }

            await Repositories.LinkManifestAsync(repository, manifest, cancellation);
            if (!isDigest)
            {
                await Repositories.WriteTagAsync(repository, reference, manifest.Digest, cancellation);
            }

            return manifest;
        }
        catch (Exception exception) when (StorageFailure.Explains(exception))
        {
            return StorageFailure.From(exception, Folders.Root)!;
        }
    }

    /// <summary>Points a tag to a manifest that is here.</summary>
    public async Task<Failure?> TagAsync(string repository, string tag, Digest digest, CancellationToken cancellation)
    {
        using var held = await HoldReferencesAsync(cancellation);
        if (!Repositories.HasManifest(repository, digest))
        {
            return ContentFailures.ManifestUnknown(repository, digest.ToString());
        }

        try
        {
            await Repositories.WriteTagAsync(repository, tag, digest, cancellation);
            return null;
        }
        catch (Exception exception) when (StorageFailure.Explains(exception))
        {
            return StorageFailure.From(exception, Folders.Root);
        }
    }

    /// <summary>The manifest behind a tag or digest of a repository.</summary>
    public async Task<Manifest?> FindManifestAsync(string repository, string reference, CancellationToken cancellation)
    {
        var digest = Digest.TryParse(reference, out var stated) ? stated
            : Names.IsTag(reference) ? await Repositories.ReadTagAsync(repository, reference, cancellation)
            : null;
        return digest is null ? null : await Repositories.ReadManifestAsync(repository, digest, cancellation);
    }

    /// <summary>True when there was something to remove. By tag only the tag goes; by digest the manifest and all its tags.</summary>
    public async Task<bool> DeleteManifestAsync(string repository, string reference, CancellationToken cancellation)
    {
        if (Digest.TryParse(reference, out var digest))
        {
            return await Repositories.UnlinkManifestAsync(repository, digest, cancellation);
        }

        return Names.IsTag(reference) && Repositories.RemoveTag(repository, reference);
    }

    /// <summary>Adds content to a repository from a stream whose digest is promised.</summary>
    public async Task<Outcome<Digest>> AddBlobAsync(string repository, Digest digest, Stream content, CancellationToken cancellation)
    {
        var added = Blobs.Touch(digest) ? digest : await Blobs.AddAsync(digest, content, cancellation);
        return added.Succeeded ? await LinkBlobAsync(repository, digest, cancellation) : added;
    }

    public async Task<Outcome<Digest>> LinkBlobAsync(string repository, Digest digest, CancellationToken cancellation)
    {
        try
        {
            await Repositories.LinkBlobAsync(repository, digest, cancellation);
            return digest;
        }
        catch (Exception exception) when (StorageFailure.Explains(exception))
        {
            return StorageFailure.From(exception, Folders.Root)!;
        }
    }

    public async Task<IDisposable> HoldReferencesAsync(CancellationToken cancellation)
    {
        await _references.WaitAsync(cancellation);
        return new Held(_references);
    }

    public DateTimeOffset Now => _time.GetUtcNow();

    public void Dispose() => _references.Dispose();

    private Digest? FirstMissing(string repository, Manifest manifest)
    {
        foreach (var blob in manifest.Blobs)
        {
            if (!Repositories.HasBlob(repository, blob) || !Blobs.Touch(blob))
            {
                return blob;
            }
        }

        return manifest.Children.FirstOrDefault(child => !Repositories.HasManifest(repository, child) || !Blobs.Touch(child));
    }

    private sealed class Held(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
