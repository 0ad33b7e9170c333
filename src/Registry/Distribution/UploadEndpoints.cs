using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Slipway.Model.Failures;
using Slipway.Registry.Content;

namespace Slipway.Registry.Distribution;

/// <summary>Blobs coming in: in one request, in chunks, or by saying that another repository has them already.</summary>
internal sealed class UploadEndpoints(ContentStore content, UploadBook uploads)
{
    public async Task BeginAsync(HttpContext context, string repository, RegistryCaller caller)
    {
        var query = context.Request.Query;
        if (query["mount"] is [{ } mount] && Digest.TryParse(mount, out var mounted) && query["from"] is [{ } from]
            && Names.IsRepository(from) && caller.May(from, RegistryAction.Pull)
            && content.Repositories.HasBlob(from, mounted) && content.Blobs.Touch(mounted))
        {
            var linked = await content.LinkBlobAsync(repository, mounted, context.RequestAborted);
            await (linked.Succeeded ? CreatedAsync(context, repository, mounted) : RegistryErrors.WriteAsync(context, linked.Failure!));
            return;
        }

        Digest? digest = null;
        if (query["digest"] is [{ } stated] && !Digest.TryParse(stated, out digest))
        {
            await InvalidDigestAsync(context, stated);
            return;
        }

        var begun = uploads.Begin(repository);
        if (!begun.Succeeded)
        {
            await RegistryErrors.WriteAsync(context, begun.Failure!);
            return;
        }

        if (digest is not null)
        {
            await TakeLastAsync(context, begun.Value, digest);
            return;
        }

        Describe(context, begun.Value);
        context.Response.StatusCode = 202;
    }

    public async Task StatusAsync(HttpContext context, string repository, string id)
    {
        if (!uploads.TryFind(repository, id, out var upload))
        {
            await RegistryErrors.WriteAsync(context, ContentFailures.UploadUnknown(id));
            return;
        }

        Describe(context, upload);
        context.Response.StatusCode = 204;
    }

    public async Task ContinueAsync(HttpContext context, string repository, string id)
    {
        if (!uploads.TryFind(repository, id, out var upload))
        {
            await RegistryErrors.WriteAsync(context, ContentFailures.UploadUnknown(id));
            return;
        }

        if (!await IsInPlaceAsync(context, upload))
        {
            return;
        }

        if (await AppendAsync(context, upload) is { } trouble)
        {
            await RegistryErrors.WriteAsync(context, trouble);
            return;
        }

        Describe(context, upload);
        context.Response.StatusCode = 202;
    }

    public async Task FinishAsync(HttpContext context, string repository, string id)
    {
        if (!uploads.TryFind(repository, id, out var upload))
        {
            await RegistryErrors.WriteAsync(context, ContentFailures.UploadUnknown(id));
            return;
        }

        var stated = context.Request.Query["digest"].ToString();
        if (!Digest.TryParse(stated, out var digest))
        {
            await InvalidDigestAsync(context, stated);
            return;
        }

        if (await IsInPlaceAsync(context, upload))
        {
            await TakeLastAsync(context, upload, digest);
        }
    }

    public Task CancelAsync(HttpContext context, string repository, string id)
    {
        if (!uploads.TryFind(repository, id, out var upload))
        {
            return RegistryErrors.WriteAsync(context, ContentFailures.UploadUnknown(id));
        }

        uploads.Close(upload);
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private async Task TakeLastAsync(HttpContext context, Upload upload, Digest digest)
    {
        if (await AppendAsync(context, upload) is { } trouble)
        {
            await RegistryErrors.WriteAsync(context, trouble);
            return;
        }

        var finished = upload.Finish(digest);
        if (finished.Failure?.Code != ContentFailures.UploadBusyCode)
        {
            uploads.Close(upload);
        }

        if (finished.Succeeded)
        {
            finished = await content.LinkBlobAsync(upload.Repository, digest, context.RequestAborted);
        }

        await (finished.Succeeded ? CreatedAsync(context, upload.Repository, digest) : RegistryErrors.WriteAsync(context, finished.Failure!));
    }

    private async Task<Failure?> AppendAsync(HttpContext context, Upload upload)
    {
        // The server's own limit is meant for forms and JSON; the upload counts for itself.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        var trouble = await upload.AppendAsync(context.Request.Body, context.Request.ContentLength, context.RequestAborted);
        if (trouble is not null && trouble.Code != ContentFailures.UploadBusyCode)
        {
            uploads.Close(upload);
        }

        return trouble;
    }

    /// <summary>A chunk that says where it belongs must belong right behind what is here; the answer tells where that is.</summary>
    private static async Task<bool> IsInPlaceAsync(HttpContext context, Upload upload)
    {
        var range = context.Request.Headers.ContentRange.ToString();
        if (range.Length == 0)
        {
            return true;
        }

        if (!TryReadRange(range, out var first, out var last))
        {
            await RegistryErrors.WriteAsync(context, 400, "BLOB_UPLOAD_INVALID", $"Content-Range is '{range}'; it must be FIRST-LAST in bytes, for example 0-1023.");
            return false;
        }

        if (context.Request.ContentLength is { } length && length != last - first + 1)
        {
            await RegistryErrors.WriteAsync(context, 400, "SIZE_INVALID", $"Content-Range {range} covers {last - first + 1} bytes but Content-Length is {length}.");
            return false;
        }

        if (first != upload.Offset)
        {
            Describe(context, upload);
            await RegistryErrors.WriteAsync(context, 416, "BLOB_UPLOAD_INVALID", $"The next byte expected is {upload.Offset}, but the chunk begins at {first}.");
            return false;
        }

        return true;
    }

    private static bool TryReadRange(string text, out long first, out long last)
    {
        (first, last) = (0, 0);
        var range = text.StartsWith("bytes ", StringComparison.OrdinalIgnoreCase) ? text["bytes ".Length..] : text;
        var slash = range.IndexOf('/', StringComparison.Ordinal);
        range = slash < 0 ? range : range[..slash];
        var dash = range.IndexOf('-', StringComparison.Ordinal);
        return dash > 0
            && long.TryParse(range.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out first)
            && long.TryParse(range.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out last)
            && last >= first && last < Bounds.BlobBytesMax;
    }

    private static void Describe(HttpContext context, Upload upload)
    {
        context.Response.Headers.Location = $"/v2/{upload.Repository}/blobs/uploads/{upload.Id}";
        // "0-0" means both "nothing" and "one byte"; the protocol never resolved that and clients know.
        context.Response.Headers.Range = $"0-{Math.Max(upload.Offset - 1, 0)}";
        context.Response.Headers["Docker-Upload-UUID"] = upload.Id;
    }

    private static Task CreatedAsync(HttpContext context, string repository, Digest digest)
    {
        context.Response.Headers.Location = $"/v2/{repository}/blobs/{digest}";
        context.Response.Headers["Docker-Content-Digest"] = digest.ToString();
        context.Response.StatusCode = 201;
        return Task.CompletedTask;
    }

    private static Task InvalidDigestAsync(HttpContext context, string stated) => RegistryErrors.WriteAsync(context, 400, "DIGEST_INVALID",
        $"The query parameter digest is '{stated}'; it must be sha256: and 64 lower-case hexadecimal digits.");
}
