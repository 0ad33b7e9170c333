using System.Text.Json.Nodes;

namespace Slipway.Sdk.Problems;

/// <summary>
/// An expected failure, as RFC 9457 tells it. Programs and translations go by <see cref="Code"/>; the words are for people.
/// </summary>
public sealed record Problem(int Status, string Code, string Title, string Detail)
{
    /// <summary>Values the words were made of, so that a page can say the same in another language.</summary>
    public JsonObject? Args { get; init; }

    public IReadOnlyList<Finding> Errors { get; init; } = [];

    /// <summary>The same call may succeed later; sent as <c>Retry-After</c> too.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Further members of the document, such as <c>missingScope</c>.</summary>
    public JsonObject? Members { get; init; }

    /// <summary>Further headers of the answer, such as <c>WWW-Authenticate</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public static Problem Unreadable(string detail) => new(400, "unreadable", "The request cannot be read", detail);

    public static Problem Unauthenticated(string detail) =>
        new(401, "unauthenticated", "Sign in first", detail) { Headers = [new("WWW-Authenticate", "Bearer")] };

    public static Problem MissingScope(string scope) =>
        new(403, "missingScope", "Not allowed", $"The token lacks the scope {scope}.") { Members = new JsonObject { ["missingScope"] = scope } };

    public static Problem Forbidden(string detail) => new(403, "forbidden", "Not allowed", detail);

    /// <summary>Also for what exists but belongs to somebody else: the caller must not learn the difference.</summary>
    public static Problem NotFound(string what) => new(404, "notFound", "Not found", $"There is no such {what}.");

    public static Problem Conflict(string code, string title, string detail) => new(409, code, title, detail);

    public static Problem Invalid(IReadOnlyList<Finding> errors) =>
        new(422, "invalid", "Some values are not valid", errors.Count == 1 ? errors[0].Detail : $"{errors.Count} values are not valid.") { Errors = errors };

    public static Problem Unavailable(string code, string detail, TimeSpan retryAfter) =>
        new(503, code, "Temporarily unavailable", detail) { RetryAfter = retryAfter };
}

/// <summary>One thing that is wrong with a request. Exactly one of the three places is set.</summary>
public sealed record Finding(string Code, string Detail)
{
    /// <summary>JSON Pointer into the body.</summary>
    public string? Pointer { get; init; }

    public string? Parameter { get; init; }

    public string? Header { get; init; }

    public JsonObject? Args { get; init; }
}
