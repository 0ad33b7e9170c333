using Slipway.Model.Failures;
using Slipway.Registry.Content;
using Slipway.Registry.Packing;

namespace Slipway.Registry.Images;

/// <summary>Sends a packed image to a registry, skipping what is there already. For clients; the server imports instead.</summary>
public sealed class ImagePusher(HttpClient http, TimeSpan timeout, TimeProvider time)
{
    /// <summary>
    /// The digest reference to deploy, <c>host/repository@sha256:…</c>. Codes: <c>image-unauthorised</c>, <c>registry-unreachable</c>,
    /// <c>image-reference-invalid</c>.
    /// </summary>
    public async Task<Outcome<string>> PushAsync(
        PackedImage image, Uri registry, string repository, string tag, RemoteCredential? credential, IProgress<string> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(progress);
        if (!Names.IsRepository(repository) || !Names.IsTag(tag))
        {
            return new Failure(FailureKind.Invalid, "image-reference-invalid", $"'{repository}:{tag}' is not a repository name and a tag.");
        }

        var remote = new RemoteRegistry(http, registry.Authority, registry.Scheme == "http", credential, timeout, time);
        foreach (var (digest, open) in image.Blobs)
        {
            var has = await remote.HasBlobAsync(repository, digest, cancellation);
            if (!has.Succeeded)
            {
                return has.Failure!;
            }

            if (has.Value)
            {
                continue;
            }

            progress.Report($"Pushing {digest.ToString()[..19]}");
            if (await remote.SendBlobAsync(repository, digest, open, cancellation) is { } failure)
            {
                return failure;
            }
        }

        var refused = await remote.SendManifestAsync(repository, tag, MediaTypes.OciManifest, image.Manifest, cancellation);
        return refused is null ? $"{registry.Authority}/{repository}@{image.Digest}" : refused;
    }
}
