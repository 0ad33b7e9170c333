using Slipway.Model.Failures;

namespace Slipway.Api.Platform.Answers;

/// <summary>One finding about one place of a request; exactly one of the three places is set.</summary>
internal sealed record ProblemError(string? Pointer, string? Parameter, string? Header, string Code, string Detail)
{
    /// <param name="pointer">JSON pointer into the body.</param>
    public static ProblemError AtPointer(string pointer, string code, string detail) => new(pointer, null, null, code, detail);

    public static ProblemError AtParameter(string parameter, string code, string detail) => new(null, parameter, null, code, detail);

    public static ProblemError AtHeader(string header, string code, string detail) => new(null, null, header, code, detail);
}

/// <summary>
/// A refusal as clients see it: RFC 9457 with a stable code. This is the one place of these resources that knows which
/// HTTP status a failure has.
/// </summary>
internal sealed record Problem(int Status, string Code, string Title, string Detail)
{
    public IReadOnlyList<ProblemError> Errors { get; init; } = [];

    public int? RetryAfterSeconds { get; init; }

    /// <summary>The methods a 405 names.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    public bool Retryable => Status is 429 or 502 or 503 or 504;

    public static Problem Invalid(string detail, IReadOnlyList<ProblemError> errors) =>
        new(422, "invalidRequest", "The request breaks rules", detail) { Errors = errors };

    public static Problem NotFound(string what, string name) =>
        new(404, "notFound", "Not found", $"There is no {what} \"{name}\", or it is not yours to see.");

    public static Problem Forbidden(string user, string verb, string what, string? @namespace) =>
        new(403, "forbidden", "Not allowed", @namespace is { Length: > 0 }
            ? $"\"{user}\" may not {verb} {what} in namespace \"{@namespace}\"."
            : $"\"{user}\" may not {verb} {what} of all namespaces; name one with ?namespace= or ask for a wider grant.");

    /// <param name="pointerOf">Where in the caller's body a field of the stored object came from; null when nowhere.</param>
    public static Problem Of(Failure failure, Func<string, string?>? pointerOf = null)
    {
        if (failure.Findings.Count > 0)
        {
            // It was read and understood, so it is invalid here even where another dialect calls it unreadable.
            return Invalid("The deployment breaks rules of the platform.", [.. failure.Findings.Select(finding =>
                ProblemError.AtPointer(pointerOf?.Invoke(finding.Field) ?? "", CamelCase(finding.Reason), finding.Message))]);
        }

        var (status, title) = failure.Kind switch
        {
            FailureKind.Malformed => (400, "The request cannot be read"),
            FailureKind.Invalid => (422, "The request breaks rules"),
            FailureKind.NotFound => (404, "Not found"),
            FailureKind.AlreadyExists => (409, "It exists already"),
            FailureKind.Conflict => (409, "Somebody else was faster"),
            FailureKind.Expired => (410, "No longer kept"),
            FailureKind.Forbidden => (403, "Not allowed"),
            FailureKind.Exhausted => (429, "A bound was reached"),
            FailureKind.Unavailable => (503, "Not available now"),
            _ => (500, "A fault of ours"),
        };
        return new Problem(status, CamelCase(failure.Code), title, failure.Detail)
        {
            RetryAfterSeconds = status is 429 or 503 ? 1 : null,
        };
    }

    private static string CamelCase(string code)
    {
        var words = code.Split('-');
        return string.Concat([
            char.ToLowerInvariant(words[0][0]).ToString(), words[0][1..],
            .. words.Skip(1).Where(word => word.Length > 0).Select(word => char.ToUpperInvariant(word[0]) + word[1..])]);
    }
}
