using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Api.Replies;

/// <summary>The refusals this room makes itself, in the words that clients print unchanged.</summary>
internal static class Failures
{
    public const string MethodNotAllowedCode = "method-not-allowed";
    public const string UnsupportedMediaTypeCode = "unsupported-media-type";
    public const string NotAcceptableCode = "not-acceptable";
    public const string TooLargeCode = "request-too-large";
    public const string UnauthorizedCode = "unauthorized";
    public const string NamespaceNotFoundCode = "namespace-not-found";

    public static Failure BadRequest(string detail) => new(FailureKind.Malformed, "bad-request", detail);

    public static Failure NotFound(ResourceKind kind, string name) =>
        new(FailureKind.NotFound, "not-found", $"{kind.Qualified} \"{name}\" not found");

    public static Failure NamespaceNotFound(string name) =>
        new(FailureKind.NotFound, NamespaceNotFoundCode, $"namespaces \"{name}\" not found");

    public static Failure AlreadyExists(ResourceKey key) =>
        new(FailureKind.AlreadyExists, "already-exists", $"{key.Kind.Qualified} \"{key.Name}\" already exists");

    public static Failure Conflict(ResourceKey key, string why) =>
        new(FailureKind.Conflict, "conflict", $"Operation cannot be fulfilled on {key.Kind.Qualified} \"{key.Name}\": {why}");

    public static Failure Modified(ResourceKey key) =>
        Conflict(key, "the object has been modified; please apply your changes to the latest version and try again");

    public static Failure Forbidden(ResourceKind kind, string name, string why) =>
        new(FailureKind.Forbidden, "forbidden", $"{kind.Qualified} \"{name}\" is forbidden: {why}");

    public static Failure Invalid(ResourceKind kind, string name, params IReadOnlyList<Finding> findings)
    {
        var texts = findings.Select(finding => $"{finding.Field}: {finding.Message}").ToList();
        var listed = texts.Count == 1 ? texts[0] : $"[{string.Join(", ", texts)}]";
        var kindName = kind.Group.Length == 0 ? kind.Kind : $"{kind.Kind}.{kind.Group}";
        return new(FailureKind.Invalid, "invalid", $"{kindName} \"{name}\" is invalid: {listed}") { Findings = findings };
    }

    public static Failure Expired(string detail) => new(FailureKind.Expired, "expired", detail);

    public static Failure MethodNotAllowed(string detail = "the server does not allow this method on the requested resource") =>
        new(FailureKind.Malformed, MethodNotAllowedCode, detail);

    public static Failure UnsupportedMediaType(string accepted) =>
        new(FailureKind.Malformed, UnsupportedMediaTypeCode, $"the body of the request was in an unknown format - accepted media types include: {accepted}");

    public static Failure NotAcceptable(string accepted) =>
        new(FailureKind.Malformed, NotAcceptableCode, $"only the following media types are accepted: {accepted}");

    public static Failure TooLarge(long limit) =>
        new(FailureKind.Malformed, TooLargeCode, $"Request entity is too large: limit is {limit} bytes");

    public static Failure Unauthorized() => new(FailureKind.Forbidden, UnauthorizedCode, "Unauthorized");
}
