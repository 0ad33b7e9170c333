using System.Text.Json.Nodes;
using Slipway.Api.Admission;
using Slipway.Api.Content;
using Slipway.Api.Replies;
using Slipway.Api.Requests;
using Slipway.Api.Writes;
using Slipway.Model.Defaulting;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Api.Patching.Apply;

/// <summary>Server-side apply: the manifest says what its manager cares about, and only that.</summary>
internal sealed class ApplyVerb(ApiServices services, AdmissionGate gate, ObjectWriter writer, NamespaceRules namespaces)
{
    public async Task<Reply> AnswerAsync(WriteContext write, byte[] body, CancellationToken cancellation)
    {
        if (write.Parameters.FieldManager is null)
        {
            return Failures.BadRequest("fieldManager: is required for apply patch");
        }

        // Clients send JSON under this type too; JSON is YAML, and its repeated keys survive the way through either reader.
        var manifest = YamlManifest.Read(body);
        if (manifest.Failure is { } unreadable)
        {
            return unreadable;
        }

        var applied = manifest.Value.Tree;
        if ((Identity.Settle(applied, write.Path) ?? Identity.SettleName(applied, write.Path)) is { } misplaced)
        {
            return misplaced;
        }

        if (applied["metadata"]?["managedFields"] is JsonArray { Count: > 0 })
        {
            return Failures.BadRequest("metadata.managedFields must be nil");
        }

        var strict = Strictness.Apply(write.Path.Kind, applied, manifest.Value.Duplicates, write.Parameters.FieldValidation);
        if (strict.Failure is { } unfit)
        {
            return unfit;
        }

        applied.Remove(write.OfStatus ? "spec" : ServedVerbs.HasStatus(write.Path.Kind) ? "status" : "");
        if (write.Path.Kind == Kinds.Secret && applied.ContainsKey("stringData"))
        {
            // Ownership is of stored fields, and clear text is not stored.
            Defaults.Apply(Kinds.Secret, applied, null);
        }

        if (services.Store.Get(write.Path.Key) is null && !write.OfStatus)
        {
            var created = await CreateAsync(write, applied, cancellation).ConfigureAwait(false);
            if (created is not Reply.Refused { Failure.Kind: FailureKind.AlreadyExists })
            {
                return created with { Warnings = [.. strict.Value, .. created.Warnings] };
            }
        }

        var changed = await writer.ChangeAsync(write, current => Next(write, current, applied), cancellation).ConfigureAwait(false);
        return changed with { Warnings = [.. strict.Value, .. changed.Warnings] };
    }

    private Outcome<NextObject> Next(WriteContext write, Resource current, JsonObject applied)
    {
        var managed = ManagedEntry.Read(current.Metadata.ManagedFields);
        var plan = ApplyPlan.Make(
            write.Path.Kind, current.ToJson(), managed, applied, write.Manager, write.Path.Subresource, write.Parameters.Force, services.Time.GetUtcNow());
        return plan.Refusal() is { } conflict
            ? conflict
            : new NextObject(plan.Next) { Ownership = ManagedEntry.Write(plan.Entries), TracksOwnership = false };
    }

    private async Task<Reply> CreateAsync(WriteContext write, JsonObject applied, CancellationToken cancellation)
    {
        var kind = write.Path.Kind;
        if (kind == Kinds.Revision)
        {
            return Failures.Forbidden(kind, write.Path.Name, "Revisions are made by their Configuration");
        }

        if (namespaces.Refusal(kind, write.Path.Namespace) is { } homeless)
        {
            return homeless;
        }

        var plan = ApplyPlan.Make(kind, null, [], applied, write.Manager, "", force: true, services.Time.GetUtcNow());
        var admitted = gate.Create(write, plan.Next, [], ManagedEntry.Write(plan.Entries), trackOwnership: false);
        if (admitted.Failure is { } refused)
        {
            return refused;
        }

        var made = await services.Store
            .CreateAsync(admitted.Value.Resource, new WriteOptions(write.Parameters.DryRun), cancellation)
            .ConfigureAwait(false);
        if (made.Failure is { } failure)
        {
            return failure.InClientWords(write.Path.Key);
        }

        if (kind == Kinds.Namespace && !write.Parameters.DryRun
            && await namespaces.EnsureAccountAsync(made.Value.Name, cancellation).ConfigureAwait(false) is { } unfurnished)
        {
            return unfurnished;
        }

        return new Reply.One(made.Value, 201) { Warnings = admitted.Value.Warnings };
    }
}
