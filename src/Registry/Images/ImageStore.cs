using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Slipway.Model.Failures;
using Slipway.Registry.Content;
using Slipway.Registry.Distribution;
using Slipway.Registry.Packing;
using Slipway.Registry.Retention;
using Slipway.Registry.Unpacking;

namespace Slipway.Registry.Images;

/// <summary>
/// The registry's one entry point: resolves references, prepares images to run, lists and deletes them, and cleans up.
/// Open it once; it may be used from any thread.
/// </summary>
public sealed class ImageStore : IDisposable
{
    private readonly ImageStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _logs;
    private readonly ContentStore _content;
    private readonly UploadBook _uploads;
    private readonly Unpacker _unpacker;
    private readonly RemoteRegistries _remotes;
    private readonly Cleaning _cleaning;
    private readonly ConcurrentDictionary<string, Lazy<Task<Outcome<Manifest>>>> _copies = new(StringComparer.Ordinal);

    private ImageStore(ImageStoreOptions options, ContentStore content, TimeProvider time, ILoggerFactory logs)
    {
        (_options, _content, _time, _logs) = (options, content, time, logs);
        _uploads = new UploadBook(content.Folders, content.Blobs, time, options.UploadsMax, options.UploadIdleAge);
        _unpacker = new Unpacker(content, options.UnpackedBytesMax, options.UnpackedEntriesMax);
        _remotes = new RemoteRegistries(options, content, time);
        _cleaning = new Cleaning(content, _unpacker, options.GraceAge, logs.CreateLogger<Cleaning>());
    }

    /// <summary>Opens the store in its folder and removes what an interrupted process left. Codes: <c>disk-full</c>, <c>state-unwritable</c>, <c>options-invalid</c>.</summary>
    public static Outcome<ImageStore> Open(ImageStoreOptions options, TimeProvider time, ILoggerFactory logs)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Problems() is { Count: > 0 } problems)
        {
            return new Failure(FailureKind.Invalid, "options-invalid", string.Join("; ", problems));
        }

        var content = new ContentStore(options.Folder, time);
        if (content.Open() is { } failure)
        {
            content.Dispose();
            return failure;
        }

        return new ImageStore(options, content, time, logs);
    }

    /// <summary>
    /// The digest reference behind a tag or digest, with the repository text as written. The local registry is asked first.
    /// Codes: <c>image-reference-invalid</c>, <c>image-not-found</c>, <c>image-unauthorised</c>, <c>registry-unreachable</c>.
    /// </summary>
    public async Task<Outcome<string>> ResolveAsync(string reference, CancellationToken cancellation)
    {
        var parsed = ImageReference.Parse(reference);
        if (!parsed.Succeeded)
        {
            return parsed.Failure!;
        }

        var image = parsed.Value;
        var wanted = image.Digest?.ToString() ?? image.Tag!;
        foreach (var repository in Copies(image, byTag: image.Digest is null))
        {
            if (await _content.FindManifestAsync(repository, wanted, cancellation) is { } manifest)
            {
                _content.Blobs.Touch(manifest.Digest);
                return image.Resolved(manifest.Digest);
            }
        }

        if (Remote(image) is not { } remote)
        {
            return ImageFailures.NotFound(reference, "the local registry");
        }

        var resolved = await _remotes.ResolveAsync(remote.Host, remote.Repository, wanted, cancellation);
        return resolved.Succeeded ? image.Resolved(resolved.Value) : resolved.Failure!;
    }

    /// <summary>The image as a folder, fetched and unpacked first when it is not. Further codes: <c>image-unsupported</c>, <c>image-refused</c>, <c>disk-full</c>.</summary>
    public async Task<Outcome<PreparedImage>> PrepareAsync(string digestReference, CancellationToken cancellation)
    {
        var parsed = ImageReference.Parse(digestReference);
        if (!parsed.Succeeded)
        {
            return parsed.Failure!;
        }

        if (parsed.Value is not { Digest: { } digest } image)
        {
            return new Failure(FailureKind.Invalid, "image-reference-invalid", $"'{digestReference}' names no digest; resolve it first.");
        }

        var found = await FindOrCopyAsync(image, digest, cancellation);
        if (!found.Succeeded)
        {
            return found.Failure!;
        }

        var (repository, manifest) = found.Value;
        if (manifest.IsIndex)
        {
            var child = PlatformChoice.Choose(manifest.Model);
            if (child is null || await _content.Repositories.ReadManifestAsync(repository, child, cancellation) is not { } own)
            {
                return ImageFailures.Unsupported(digestReference, $"it has no variant for {PlatformChoice.Here}");
            }

            manifest = own;
        }

        return await PrepareAsync(digestReference, manifest, cancellation);
    }

    /// <summary>Puts an image that was packed on this machine into the store, under a tag, and unpacks it at once.</summary>
    public async Task<Outcome<string>> ImportAsync(PackedImage image, string repository, string tag, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (!Names.IsRepository(repository) || !Names.IsTag(tag))
        {
            return new Failure(FailureKind.Invalid, "image-reference-invalid", $"'{repository}:{tag}' is not a repository name and a tag.");
        }

        foreach (var (digest, open) in image.Blobs)
        {
            await using var stream = open();
            var added = await _content.AddBlobAsync(repository, digest, stream, cancellation);
            if (!added.Succeeded)
            {
                return added.Failure!;
            }
        }

        var put = await _content.PutManifestAsync(repository, tag, image.Manifest, MediaTypes.OciManifest, cancellation);
        if (!put.Succeeded)
        {
            return put.Failure!;
        }

        var reference = $"{repository}@{put.Value.Digest}";
        var prepared = await PrepareAsync(reference, put.Value, cancellation);
        return prepared.Succeeded ? reference : prepared.Failure!;
    }

    /// <summary>Every tag of every local repository, and manifests without a tag.</summary>
    public async Task<IReadOnlyList<StoredImage>> ListAsync(CancellationToken cancellation) => await new ImageListing(_content).ReadAsync(cancellation);

    /// <summary>Removes a tag (<c>repo:tag</c>) or a manifest with all its tags (<c>repo@sha256:…</c>). The bytes go with the next cleaning.</summary>
    public async Task<Failure?> DeleteAsync(string reference, CancellationToken cancellation)
    {
        var parsed = ImageReference.Parse(reference);
        if (!parsed.Succeeded)
        {
            return parsed.Failure;
        }

        using var held = await _content.HoldReferencesAsync(cancellation);
        var image = parsed.Value;
        foreach (var repository in Copies(image, byTag: image.Digest is null))
        {
            if (await _content.DeleteManifestAsync(repository, image.Digest?.ToString() ?? image.Tag!, cancellation))
            {
                return null;
            }
        }

        return ImageFailures.NotFound(reference, "the local registry");
    }

    /// <summary>
    /// Removes content that nothing needs: not the images whose digests are given (those that serve or can be rolled back
    /// to; the caller gives all of them), not the newest tags of each repository, and nothing younger than the grace age.
    /// </summary>
    public Task<Outcome<CleaningReport>> CleanAsync(IReadOnlySet<string> digestsInUse, int newestTagsKept, CancellationToken cancellation) =>
        _cleaning.RunAsync(digestsInUse, newestTagsKept, cancellation);

    public void Dispose()
    {
        _uploads.Dispose();
        _unpacker.Dispose();
        _remotes.Dispose();
        _content.Dispose();
    }

    internal RegistryApi CreateApi(VerifyRegistryCredential verify, LoopbackAccess loopback)
    {
        var tokens = new RegistryTokens(_time);
        var access = new RegistryAccess(verify, tokens, loopback);
        var log = _logs.CreateLogger<RegistryApi>();
        var manifests = new ManifestEndpoints(_content, PrepareAfterPushAsync, _options.DigestsInUse, log);
        return new RegistryApi(_content, _uploads, access, new TokenEndpoint(access, tokens, _time), manifests, log);
    }

    /// <summary>Unpacks what was just pushed when it runs on the host, so that the first instance need not wait. Others wait for their driver.</summary>
    private async Task<Failure?> PrepareAfterPushAsync(Manifest manifest, CancellationToken cancellation)
    {
        if (manifest.IsIndex || await ReadConfigAsync(manifest, cancellation) is not { } config || !HostProcessLabel.IsOn(config))
        {
            return null;
        }

        var unpacked = await _unpacker.UnpackAsync(manifest, hostProcess: true, cancellation);
        return unpacked.Failure;
    }

    private async Task<Outcome<PreparedImage>> PrepareAsync(string reference, Manifest manifest, CancellationToken cancellation)
    {
        if (await ReadConfigAsync(manifest, cancellation) is not { } config)
        {
            return ImageFailures.Unsupported(reference, "it has no readable configuration, so it is something else than an image to run");
        }

        var hostProcess = HostProcessLabel.IsOn(config);
        var unpacked = await _unpacker.UnpackAsync(manifest, hostProcess, cancellation);
        if (!unpacked.Succeeded)
        {
            return unpacked.Failure!;
        }

        var run = config.Config;
        var variables = (run?.Env ?? []).Select(line => line.Split('=', 2)).Where(pair => pair[0].Length > 0);
        return new PreparedImage(
            unpacked.Value,
            hostProcess,
            run?.Entrypoint ?? [],
            run?.Cmd ?? [],
            [.. variables.Select(pair => KeyValuePair.Create(pair[0], pair.Length == 2 ? pair[1] : string.Empty))],
            string.IsNullOrEmpty(run?.WorkingDir) ? "/" : run.WorkingDir,
            string.IsNullOrEmpty(run?.User) ? null : run.User);
    }

    private async Task<ConfigModel?> ReadConfigAsync(Manifest manifest, CancellationToken cancellation)
    {
        if (manifest.Model.Config is not { MediaType: MediaTypes.OciConfig or MediaTypes.DockerConfig } descriptor
            || !Digest.TryParse(descriptor.Digest, out var digest)
            || _content.Blobs.Size(digest) is null or > Bounds.ConfigBytesMax
            || await _content.Blobs.ReadAsync(digest, cancellation) is not { } bytes)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(bytes, ContentJson.Default.ConfigModel);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<Outcome<(string Repository, Manifest Manifest)>> FindOrCopyAsync(ImageReference image, Digest digest, CancellationToken cancellation)
    {
        foreach (var repository in Copies(image, byTag: false))
        {
            if (await _content.FindManifestAsync(repository, digest.ToString(), cancellation) is { } manifest)
            {
                return (repository, manifest);
            }
        }

        if (Remote(image) is not { } remote)
        {
            return ImageFailures.NotFound(image.Resolved(digest), "the local registry");
        }

        var key = $"{remote.Host}/{remote.Repository}@{digest}";
        var work = _copies.GetOrAdd(key, _ => new Lazy<Task<Outcome<Manifest>>>(() =>
            Task.Run(() => _remotes.CopyAsync(remote.Host, remote.Repository, digest, CancellationToken.None), CancellationToken.None)));
        try
        {
            var copied = await work.Value.WaitAsync(cancellation);
            return copied.Succeeded ? (ReservedRepositories.For(remote.Host, remote.Repository)!, copied.Value) : copied.Failure!;
        }
        finally
        {
            if (work.Value.IsCompleted)
            {
                _copies.TryRemove(KeyValuePair.Create(key, work));
            }
        }
    }

    /// <summary>Local repositories that may hold the image. Tags of copies are not kept: another registry's tag is asked for there.</summary>
    private IEnumerable<string> Copies(ImageReference image, bool byTag)
    {
        if (IsLocal(image))
        {
            yield return image.Repository;
        }

        if (!byTag && Remote(image) is { } remote && ReservedRepositories.For(remote.Host, remote.Repository) is { } copy)
        {
            yield return copy;
        }
    }

    private bool IsLocal(ImageReference image) => image.Host is null || _options.LocalHosts.Contains(image.Host, StringComparer.OrdinalIgnoreCase);

    private (string Host, string Repository)? Remote(ImageReference image)
    {
        var host = image.Host ?? _options.DefaultRegistry;
        if (host is null || (image.Host is not null && IsLocal(image)))
        {
            return null;
        }

        // Docker's own registry keeps one-word names in a folder that nobody writes.
        var repository = host == "docker.io" && !image.Repository.Contains('/', StringComparison.Ordinal) ? "library/" + image.Repository : image.Repository;
        return (host, repository);
    }
}
