using Slipway.Model.Failures;

namespace Slipway.Registry.Images;

/// <summary>What can be wrong with an image that somebody wants to run; these codes appear in the status of revisions.</summary>
internal static class ImageFailures
{
    public const string NotFoundCode = "image-not-found";
    public const string UnauthorisedCode = "image-unauthorised";
    public const string UnreachableCode = "registry-unreachable";
    public const string UnsupportedCode = "image-unsupported";
    public const string HostileCode = "image-refused";

    public static Failure NotFound(string reference, string where) => new(FailureKind.NotFound, NotFoundCode,
        $"The image {reference} does not exist in {where}. Check the name and the tag, or push it first.");

    public static Failure Unauthorised(string reference, string host) => new(FailureKind.Forbidden, UnauthorisedCode,
        $"The registry {host} does not let us read {reference}. It may be private or not exist; configure a credential for {host}.");

    public static Failure Unreachable(string host, string why) => new(FailureKind.Unavailable, UnreachableCode,
        $"The registry {host} does not answer as it should ({why}). Check its name and the network; it is tried again.");

    public static Failure Unsupported(string reference, string why) => new(FailureKind.Invalid, UnsupportedCode, $"The image {reference} cannot be run here: {why}.");

    public static Failure Hostile(string why) => new(FailureKind.Invalid, HostileCode, $"The image was refused because its archive is unsafe: {why}.");
}
