using Slipway.Model.Failures;

namespace Slipway.Registry.Content;

/// <summary>Every refusal of the content store, with its stable code.</summary>
internal static class ContentFailures
{
    public const string DigestMismatchCode = "digest-mismatch";
    public const string BlobUnknownCode = "blob-unknown";
    public const string ManifestUnknownCode = "manifest-unknown";
    public const string ManifestInvalidCode = "manifest-invalid";
    public const string ManifestBlobUnknownCode = "manifest-blob-unknown";
    public const string TooLargeCode = "too-large";
    public const string UploadUnknownCode = "upload-unknown";
    public const string UploadBusyCode = "upload-busy";
    public const string UploadsExhaustedCode = "uploads-exhausted";
    public const string SizeMismatchCode = "size-mismatch";
    public const string DiskFullCode = "disk-full";
    public const string StateUnwritableCode = "state-unwritable";

    public static Failure DigestMismatch(Digest stated, Digest actual) => new(FailureKind.Invalid, DigestMismatchCode,
        $"The content has the digest {actual}, not {stated}. It was damaged on the way or the digest belongs to something else; send it again.");

    public static Failure BlobUnknown(string repository, Digest digest) => new(FailureKind.NotFound, BlobUnknownCode,
        $"The repository {repository} has no blob {digest}.");

    public static Failure ManifestUnknown(string repository, string reference) => new(FailureKind.NotFound, ManifestUnknownCode,
        $"The repository {repository} has no manifest {reference}.");

    public static Failure ManifestInvalid(string why) => new(FailureKind.Invalid, ManifestInvalidCode, why);

    public static Failure ManifestBlobUnknown(string repository, Digest digest) => new(FailureKind.Invalid, ManifestBlobUnknownCode,
        $"The manifest names {digest}, which the repository {repository} does not hold. Push that content first.");

    public static Failure TooLarge(string what, long bytesMax) => new(FailureKind.Exhausted, TooLargeCode,
        $"The {what} is larger than {bytesMax} bytes, which is the most this registry takes.");

    public static Failure UploadUnknown(string id) => new(FailureKind.NotFound, UploadUnknownCode,
        $"There is no upload {id}: it was finished, cancelled, expired or begun before a restart. Begin a new one.");

    public static Failure UploadBusy(string id) => new(FailureKind.Conflict, UploadBusyCode,
        $"Another request is writing to the upload {id}. Send its chunks one after the other.");

    public static Failure UploadsExhausted(int most) => new(FailureKind.Exhausted, UploadsExhaustedCode,
        $"{most} uploads are already open, which is the most at a time. Retry in a few seconds.");

    public static Failure SizeMismatch(long stated, long actual) => new(FailureKind.Malformed, SizeMismatchCode,
        $"{stated} bytes were announced and {actual} arrived.");
}
