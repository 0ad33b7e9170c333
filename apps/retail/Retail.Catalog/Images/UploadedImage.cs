using Microsoft.AspNetCore.Http;
using Retail.Catalog.Transfer;
using Slipway.Sdk.Problems;

namespace Retail.Catalog.Images;

/// <summary>A picture as it is sent.</summary>
internal static class UploadedImage
{
    public static async Task<Outcome<StoredImage>> ReadAsync(HttpContext http, CancellationToken cancellation)
    {
        var type = UploadedBytes.MediaType(http.Request);
        if (type is not ("image/png" or "image/jpeg" or "image/webp"))
        {
            return new Problem(415, "unsupportedMediaType", "Not a kind of picture that is taken", $"Send the bytes of a {ImageKind.Allowed} picture.");
        }

        if (!(await UploadedBytes.ReadAsync(http, ImageKind.BytesMax, cancellation)).Is(out var bytes, out var problem))
        {
            return problem;
        }

        return ImageKind.Of(bytes) == type
            ? new StoredImage(ImageRows.HashOf(bytes), type, bytes)
            : Problem.Invalid([new Finding("notAnImage", $"The bytes are not what Content-Type says; send a {ImageKind.Allowed} picture.") { Pointer = "" }]);
    }
}
