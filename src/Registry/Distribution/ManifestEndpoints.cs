using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Model.Failures;
using Slipway.Registry.Content;
using Slipway.Registry.Images;

namespace Slipway.Registry.Distribution;

/// <param name="prepare">Makes a pushed image ready to run, where that is possible ahead of time.</param>
/// <param name="inUse">The digests that serve or can be rolled back to; these cannot be deleted.</param>
internal sealed class ManifestEndpoints(
    ContentStore content,
    Func<Manifest, CancellationToken, Task<Failure?>> prepare,
    Func<CancellationToken, ValueTask<IReadOnlySet<string>>> inUse,
    ILogger log)
{
    public async Task GetAsync(HttpContext context, string repository, string reference)
    {
        if (await content.FindManifestAsync(repository, reference, context.RequestAborted) is not { } manifest)
        {
            await RegistryErrors.WriteAsync(context, ContentFailures.ManifestUnknown(repository, reference));
            return;
        }

        content.Blobs.Touch(manifest.Digest);
        var response = context.Response;
        response.Headers["Docker-Content-Digest"] = manifest.Digest.ToString();
        response.Headers.ETag = $"\"{manifest.Digest}\"";
        response.ContentType = manifest.MediaType;
        response.ContentLength = manifest.Bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(manifest.Bytes, context.RequestAborted);
        }
    }

    public async Task PutAsync(HttpContext context, string repository, string reference)
    {
        if (await ReadBoundedAsync(context) is not { } bytes)
        {
            await RegistryErrors.WriteAsync(context, ContentFailures.TooLarge("manifest", Bounds.ManifestBytesMax));
            return;
        }

        var mediaType = context.Request.ContentType?.Split(';')[0].Trim();
        var put = await TakeAsync(repository, reference, bytes, mediaType, context.RequestAborted);
        if (!put.Succeeded)
        {
            await RegistryErrors.WriteAsync(context, put.Failure!);
            return;
        }

        var manifest = put.Value;
        log.ManifestTaken(repository, reference, manifest.Digest);
        context.Response.Headers.Location = $"/v2/{repository}/manifests/{manifest.Digest}";
        context.Response.Headers["Docker-Content-Digest"] = manifest.Digest.ToString();
        if (manifest.Subject is { } subject)
        {
            // Tells the client that attachments are indexed here and it need not keep a list of its own under a tag.
            context.Response.Headers["OCI-Subject"] = subject.ToString();
        }

        context.Response.StatusCode = 201;
    }

    public async Task DeleteAsync(HttpContext context, string repository, string reference)
    {
        using var held = await content.HoldReferencesAsync(context.RequestAborted);
        if (Digest.TryParse(reference, out _) && (await inUse(context.RequestAborted)).Contains(reference))
        {
            await RegistryErrors.WriteAsync(context, 409, "DENIED", $"{reference} serves or can be rolled back to. Delete the revisions that use it first.");
            return;
        }

        if (!await content.DeleteManifestAsync(repository, reference, context.RequestAborted))
        {
            await RegistryErrors.WriteAsync(context, ContentFailures.ManifestUnknown(repository, reference));
            return;
        }

        log.ManifestRemoved(repository, reference);
        context.Response.StatusCode = 202;
    }

    /// <summary>
    /// The image is unpacked before its tag moves: a tag that points to something that can never run would be found out only
    /// by whoever deploys it. Trouble that is not the image's own fault does not refuse the push; unpacking is tried again later.
    /// </summary>
    private async Task<Outcome<Manifest>> TakeAsync(
        string repository, string reference, ReadOnlyMemory<byte> bytes, string? mediaType, CancellationToken cancellation)
    {
        var digest = Digest.TryParse(reference, out var stated) ? stated : Digest.Of(bytes.Span);
        var put = await content.PutManifestAsync(repository, digest.ToString(), bytes, mediaType, cancellation);
        if (!put.Succeeded)
        {
            return put;
        }

        var trouble = await prepare(put.Value, cancellation);
        if (trouble is { Code: ImageFailures.HostileCode or ImageFailures.UnsupportedCode })
        {
            using var held = await content.HoldReferencesAsync(cancellation);
            await content.DeleteManifestAsync(repository, digest.ToString(), cancellation);
            return ContentFailures.ManifestInvalid(trouble.Detail);
        }

        if (trouble is not null)
        {
            log.NotPrepared(repository, digest, trouble.Code, trouble.Detail);
        }

        if (stated is null && await content.TagAsync(repository, reference, digest, cancellation) is { } untagged)
        {
            return untagged;
        }

        return put;
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadBoundedAsync(HttpContext context)
    {
        if (context.Request.ContentLength > Bounds.ManifestBytesMax)
        {
            return null;
        }

        var bytes = new ArrayBufferWriter<byte>();
        int read;
        while ((read = await context.Request.Body.ReadAsync(bytes.GetMemory(16 * 1024), context.RequestAborted)) > 0)
        {
            bytes.Advance(read);
            if (bytes.WrittenCount > Bounds.ManifestBytesMax)
            {
                return null;
            }
        }

        return bytes.WrittenMemory;
    }
}
