using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Slipway.Registry.Content;

namespace Slipway.Registry.Distribution;

internal sealed class BlobEndpoints(ContentStore content)
{
    public async Task GetAsync(HttpContext context, string repository, Digest digest)
    {
        // Telling somebody that a blob is here lets them skip its upload, so it has to stay for a while.
        if (!content.Repositories.HasBlob(repository, digest) || !content.Blobs.Touch(digest) || content.Blobs.OpenRead(digest) is not { } file)
        {
            await RegistryErrors.WriteAsync(context, ContentFailures.BlobUnknown(repository, digest));
            return;
        }

        await using (file)
        {
            context.Response.Headers["Docker-Content-Digest"] = digest.ToString();
            context.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
            await TypedResults.File(file, "application/octet-stream", entityTag: new EntityTagHeaderValue($"\"{digest}\""), enableRangeProcessing: true)
                .ExecuteAsync(context);
        }
    }

    public async Task DeleteAsync(HttpContext context, string repository, Digest digest)
    {
        if (!content.Repositories.HasBlob(repository, digest))
        {
            await RegistryErrors.WriteAsync(context, ContentFailures.BlobUnknown(repository, digest));
            return;
        }

        // Only this repository lets go of it; the bytes go when nothing else needs them, which retention finds out.
        using var held = await content.HoldReferencesAsync(context.RequestAborted);
        foreach (var manifest in content.Repositories.ListManifests(repository))
        {
            var read = await content.Repositories.ReadManifestAsync(repository, manifest, context.RequestAborted);
            if (read?.Blobs.Contains(digest) == true)
            {
                await RegistryErrors.WriteAsync(context, 409, "DENIED", $"The manifest {manifest} still needs {digest}. Delete that manifest first.");
                return;
            }
        }

        content.Repositories.UnlinkBlob(repository, digest);
        context.Response.StatusCode = 202;
    }
}
