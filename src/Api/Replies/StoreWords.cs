using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Api.Replies;

/// <summary>The store's refusals in the words Kubernetes clients know, because they print them and some compare them.</summary>
internal static class StoreWords
{
    public static Failure InClientWords(this Failure failure, ResourceKey key) => failure.Code switch
    {
        "not-found" => Failures.NotFound(key.Kind, key.Name),
        "already-exists" => Failures.AlreadyExists(key),
        "conflict" => Failures.Modified(key),
        "uid-mismatch" => Failures.Conflict(key, failure.Detail),
        "namespace-not-empty" => Failures.Conflict(key, failure.Detail),
        "namespace-terminating" => Failures.Forbidden(key.Kind, key.Name,
            $"unable to create new content in namespace {key.Namespace} because it is being terminated"),
        "history-expired" => Failures.Expired("too old resource version: list again and watch from the version of that list"),
        "invalid" when failure.Findings.Count > 0 => Failures.Invalid(key.Kind, key.Name, failure.Findings),
        _ => failure,
    };
}
