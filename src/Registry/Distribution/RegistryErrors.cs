using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Slipway.Model.Failures;
using Slipway.Registry.Content;

namespace Slipway.Registry.Distribution;

internal sealed record ErrorEntry(string Code, string Message);

internal sealed record ErrorList(IReadOnlyList<ErrorEntry> Errors);

internal sealed record TagListAnswer(string Name, IReadOnlyList<string> Tags);

internal sealed record CatalogAnswer(IReadOnlyList<string> Repositories);

internal sealed record ReferrersAnswer(int SchemaVersion, string MediaType, IReadOnlyList<Descriptor> Manifests);

internal sealed record TokenAnswer(
    string Token,
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("issued_at")] string IssuedAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErrorList))]
[JsonSerializable(typeof(TagListAnswer))]
[JsonSerializable(typeof(CatalogAnswer))]
[JsonSerializable(typeof(ReferrersAnswer))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(TokenClaims))]
internal sealed partial class DistributionJson : JsonSerializerContext;

/// <summary>The one place that knows the protocol's error codes and their status codes.</summary>
internal static class RegistryErrors
{
    public static Task WriteAsync(HttpContext context, Failure failure)
    {
        var (status, code) = failure.Code switch
        {
            ContentFailures.DigestMismatchCode => (400, "DIGEST_INVALID"),
            ContentFailures.SizeMismatchCode => (400, "SIZE_INVALID"),
            ContentFailures.BlobUnknownCode => (404, "BLOB_UNKNOWN"),
            ContentFailures.ManifestUnknownCode => (404, "MANIFEST_UNKNOWN"),
            ContentFailures.ManifestInvalidCode => (400, "MANIFEST_INVALID"),
            ContentFailures.ManifestBlobUnknownCode => (400, "MANIFEST_BLOB_UNKNOWN"),
            ContentFailures.TooLargeCode => (413, "SIZE_INVALID"),
            ContentFailures.UploadUnknownCode => (404, "BLOB_UPLOAD_UNKNOWN"),
            ContentFailures.UploadBusyCode => (409, "BLOB_UPLOAD_INVALID"),
            ContentFailures.UploadsExhaustedCode => (429, "TOOMANYREQUESTS"),
            ContentFailures.DiskFullCode => (507, "UNAVAILABLE"),
            ContentFailures.StateUnwritableCode => (503, "UNAVAILABLE"),
            _ => (500, "UNKNOWN"),
        };
        if (status == 429)
        {
            context.Response.Headers.RetryAfter = "5";
        }

        return WriteAsync(context, status, code, failure.Detail);
    }

    public static Task WriteAsync(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.WriteAsJsonAsync(new ErrorList([new ErrorEntry(code, message)]), DistributionJson.Default.ErrorList, cancellationToken: context.RequestAborted);
    }
}
