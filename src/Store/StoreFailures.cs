using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Store;

/// <summary>Every way in which the store says no, in one place: the codes are part of its contract.</summary>
internal static class StoreFailures
{
    public static readonly Failure Busy = new(
        FailureKind.Unavailable,
        "store-busy",
        $"{StoreBounds.WritesWaiting:N0} writes are waiting for the database already. Repeat the request in a moment.");

    public static readonly Failure DatabaseUnavailable = new(
        FailureKind.Unavailable,
        "database-unavailable",
        "The database cannot be reached, so nothing was written. Reading goes on; repeat the request when the database is back.");

    public static readonly Failure InDoubt = new(
        FailureKind.Unavailable,
        "write-in-doubt",
        "The connection to the database broke or stalled while this write was being committed; it may or may not be kept. Read the object again before you repeat the request.");

    public static readonly Failure Closed = new(
        FailureKind.Unavailable,
        "store-closed",
        "The store is shutting down. Repeat the request when Slipway is up again.");

    public static Failure NotFound(ResourceKey key) =>
        new(FailureKind.NotFound, "not-found", $"There is no {key}.");

    public static Failure AlreadyExists(ResourceKey key) =>
        new(FailureKind.AlreadyExists, "already-exists", $"There is a {key} already.");

    public static Failure Changed(Resource current, string? given) => new(
        FailureKind.Conflict,
        "conflict",
        string.IsNullOrEmpty(given)
            ? $"{current.Key} is at resourceVersion {current.Metadata.ResourceVersion}; the change names none. Set metadata.resourceVersion to the version you have read."
            : $"{current.Key} is at resourceVersion {current.Metadata.ResourceVersion}, but the change is made to {given}. Read it again and repeat the change.");

    public static Failure OtherUid(Resource current, string given) => new(
        FailureKind.Conflict,
        "uid-mismatch",
        $"{current.Key} has the uid {current.Uid}, not {given}: it was deleted and created again.");

    public static Failure Terminating(ResourceKey key) => new(
        FailureKind.Forbidden,
        "namespace-terminating",
        $"Nothing can be created in the namespace \"{key.Namespace}\" while it is being deleted. Wait until it is gone, or use another one.");

    public static Failure NamespaceNotEmpty(ResourceKey key) => new(
        FailureKind.Conflict,
        "namespace-not-empty",
        $"The finalizer \"{Finalizers.NamespaceContents}\" of {key} comes off by itself as soon as its objects are gone. Delete them, or wait.");

    public static Failure Invalid(string field, string message) =>
        new(FailureKind.Invalid, "invalid", $"{field}: {message}") { Findings = [new Finding("FieldValueInvalid", message, field)] };

    public static Failure TooLarge(ResourceKey key, int bytes) => new(
        FailureKind.Invalid,
        "object-too-large",
        $"{key} takes {bytes:N0} bytes; an object may take {StoreBounds.ObjectBytes:N0}. Keep large content in an image, a database or a bucket.");

    public static Failure Full { get; } = new(
        FailureKind.Exhausted,
        "store-full",
        $"The store holds {StoreBounds.Objects:N0} objects, which is all it takes. Delete what is no longer needed.");

    public static Failure TooManyWatchers { get; } = new(
        FailureKind.Exhausted,
        "too-many-watches",
        $"{StoreBounds.Watches:N0} watches are open, which is all the store allows. Close some of them.");

    public static Failure Expired(long after) => new(
        FailureKind.Expired,
        "history-expired",
        $"The changes after version {after} are no longer, or not yet, known. List again and watch from the version of that list.");
}
