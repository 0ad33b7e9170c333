using System.Text.Json.Nodes;
using Slipway.Api.Admission;
using Slipway.Api.Replies;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Api.Writes;

/// <summary>What to write over the current version: the whole next object, and what it already knows about owners.</summary>
internal sealed record NextObject(JsonObject Tree)
{
    public IReadOnlyList<Model.Decoding.FieldProblem> Duplicates { get; init; } = [];

    /// <summary>Set by server-side apply, which works the owners out itself.</summary>
    public List<System.Text.Json.JsonElement>? Ownership { get; init; }

    public bool TracksOwnership { get; init; } = true;
}

/// <summary>
/// Read, change, admit, write; again when somebody else was faster and the caller named no version of their own.
/// Returns as soon as the store has it, so the answer is never ahead of what reconcilers have seen.
/// </summary>
internal sealed class ObjectWriter(IResourceStore store, AdmissionGate gate)
{
    /// <summary>Status writers are quick but few; losing this many races in a row means something is wrong.</summary>
    private const int AttemptsMax = 16;

    public async Task<Reply> ChangeAsync(
        WriteContext write, Func<Resource, Outcome<NextObject>> change, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (store.Get(write.Path.Key) is not { } current)
            {
                return Failures.NotFound(write.Path.Kind, write.Path.Name);
            }

            var next = change(current);
            if (next.Failure is { } impossible)
            {
                return impossible;
            }

            if (Mismatch(next.Value.Tree, current) is { } mismatch)
            {
                return mismatch;
            }

            var admitted = gate.Update(
                write, next.Value.Tree, next.Value.Duplicates, current, next.Value.Ownership, next.Value.TracksOwnership);
            if (admitted.Failure is { } refused)
            {
                return refused;
            }

            var written = await store
                .ReplaceAsync(admitted.Value.Resource, new WriteOptions(write.Parameters.DryRun), cancellation)
                .ConfigureAwait(false);
            if (written.Succeeded)
            {
                return new Reply.One(written.Value) { Warnings = admitted.Value.Warnings };
            }

            if (written.Failure!.Kind != FailureKind.Conflict || written.Failure.Code != "conflict" || attempt == AttemptsMax)
            {
                return written.Failure.InClientWords(write.Path.Key);
            }
        }
    }

    /// <summary>A version or uid in the body is a precondition. The next round of the loop compares it again.</summary>
    private static Failure? Mismatch(JsonObject next, Resource current)
    {
        var metadata = next["metadata"] as JsonObject;
        if (metadata is null)
        {
            return null;
        }

        var version = Identity.Text(metadata, "resourceVersion");
        if (version.Length > 0 && version != current.Metadata.ResourceVersion)
        {
            return Failures.Modified(current.Key);
        }

        var uid = Identity.Text(metadata, "uid");
        return uid.Length > 0 && uid != current.Uid
            ? Failures.Conflict(current.Key, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {current.Uid}")
            : null;
    }
}
