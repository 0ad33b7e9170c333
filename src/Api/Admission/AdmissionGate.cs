using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.Patching.Apply;
using Slipway.Api.Replies;
using Slipway.Api.Requests;
using Slipway.Api.Writes;
using Slipway.Model;
using Slipway.Model.Decoding;
using Slipway.Model.Defaulting;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Model.Validation;

namespace Slipway.Api.Admission;

/// <param name="Warnings">What the caller should know although the write goes through.</param>
internal sealed record Admitted(Resource Resource, IReadOnlyList<string> Warnings);

/// <summary>
/// The gate before the store: identity → strictness → server-owned fields → defaults → authors → validation → field
/// ownership. Reads nothing but its arguments, so that a dry run and a real write take the same way.
/// </summary>
internal sealed class AdmissionGate(TimeProvider time)
{
    /// <param name="trackOwnership">False for server-side apply, which has worked out the owners already.</param>
    public Outcome<Admitted> Create(
        WriteContext write, JsonObject manifest, IReadOnlyList<FieldProblem> duplicates, List<JsonElement>? ownership = null, bool trackOwnership = true)
    {
        var path = write.Path;
        if (Strictness.Apply(path.Kind, manifest, duplicates, write.Parameters.FieldValidation) is var strict && strict.Failure is { } unfit)
        {
            return unfit;
        }

        if (ServedVerbs.HasStatus(path.Kind))
        {
            manifest.Remove("status");
        }

        if (path.Kind == Kinds.Namespace)
        {
            manifest["status"] = new JsonObject { ["phase"] = "Active" };
        }

        Defaults.Apply(path.Kind, manifest, null);
        var draft = WithoutServerFields(Resource.FromJson(path.Kind, manifest));
        if (ServingAuthors.Concern(draft))
        {
            draft = ServingAuthors.Stamp(draft, write.Caller);
        }

        var whole = draft.ToJson();
        if (Validator.Refusal(path.Kind, draft.Name, Validator.Check(path.Kind, whole, null)) is { } invalid)
        {
            return invalid;
        }

        draft = draft.With(draft.Metadata with
        {
            ManagedFields = trackOwnership
                ? Ownership.AfterUpdate(path.Kind, null, whole, null, write.Manager, "", time.GetUtcNow())
                : ownership,
        });
        return new Admitted(draft, strict.Value);
    }

    public Outcome<Admitted> Update(
        WriteContext write, JsonObject manifest, IReadOnlyList<FieldProblem> duplicates, Resource current, List<JsonElement>? ownership = null, bool trackOwnership = true)
    {
        var path = write.Path;
        if (Strictness.Apply(path.Kind, manifest, duplicates, write.Parameters.FieldValidation) is var strict && strict.Failure is { } unfit)
        {
            return unfit;
        }

        var before = current.ToJson();
        if (write.OfStatus)
        {
            manifest = OnlyStatus(before, manifest);
        }
        else if (ServedVerbs.HasStatus(path.Kind))
        {
            Copy(before, manifest, "status");
        }

        if (!write.OfStatus)
        {
            Defaults.Apply(path.Kind, manifest, before);
        }

        var given = Resource.FromJson(path.Kind, manifest);
        var next = WithoutServerFields(given);
        next = next.With(next.Metadata with { ResourceVersion = current.Metadata.ResourceVersion, Uid = current.Uid, Namespace = current.Metadata.Namespace });
        if (ServingAuthors.Concern(next) && !write.OfStatus)
        {
            var specChanged = !JsonNode.DeepEquals(manifest["spec"], before["spec"]);
            var kept = ServingAuthors.Keep(next, current, specChanged, write.Caller);
            if (kept.Failure is { } claimed)
            {
                return claimed;
            }

            next = kept.Value;
        }

        var after = next.ToJson();
        if (!write.OfStatus && Validator.Refusal(path.Kind, current.Name, Validator.Check(path.Kind, after, Completed(path.Kind, before))) is { } invalid)
        {
            return invalid;
        }

        next = next.With(next.Metadata with
        {
            ManagedFields = trackOwnership
                ? Ownership.AfterUpdate(path.Kind, before, after, OwnersBefore(given, current), write.Manager, path.Subresource, time.GetUtcNow())
                : ownership,
        });
        return new Admitted(next, strict.Value);
    }

    /// <summary>
    /// An object may be stored less complete than today's defaults make it, for example a Job whose labels wait for its
    /// uid. What defaults add must not look like a change the caller asked for.
    /// </summary>
    private static JsonObject Completed(ResourceKind kind, JsonObject stored)
    {
        var completed = (JsonObject)stored.DeepClone();
        Defaults.Apply(kind, completed, stored);
        return completed;
    }

    /// <summary>Clients that move from client-side to server-side apply rewrite the owners; an empty entry forgets them all.</summary>
    private static List<JsonElement>? OwnersBefore(Resource given, Resource current) => given.Metadata.ManagedFields switch
    {
        null or { Count: 0 } => current.Metadata.ManagedFields,
        [var only] when only.ValueKind == JsonValueKind.Object && !only.EnumerateObject().Any() => null,
        var owners when ManagedEntry.Read(owners).Count == owners.Count => owners,
        _ => current.Metadata.ManagedFields,
    };

    private static JsonObject OnlyStatus(JsonObject before, JsonObject manifest)
    {
        var merged = (JsonObject)before.DeepClone();
        Copy(manifest, merged, "status");
        return merged;
    }

    private static void Copy(JsonObject from, JsonObject to, string field)
    {
        if (from[field] is { } value)
        {
            to[field] = value.DeepClone();
        }
        else
        {
            to.Remove(field);
        }
    }

    /// <summary>What clients send for fields they do not own is dropped, and so are the empty maps some of them always send.</summary>
    private static Resource WithoutServerFields(Resource resource) => resource.With(resource.Metadata with
    {
        Labels = resource.Metadata.Labels is { Count: > 0 } labels ? labels : null,
        Annotations = resource.Metadata.Annotations is { Count: > 0 } annotations ? annotations : null,
        OwnerReferences = resource.Metadata.OwnerReferences is { Count: > 0 } owners ? owners : null,
        Finalizers = resource.Metadata.Finalizers is { Count: > 0 } finalizers ? finalizers : null,
        Uid = null,
        ResourceVersion = null,
        Generation = 0,
        CreationTimestamp = null,
        DeletionTimestamp = null,
        DeletionGracePeriodSeconds = null,
        ManagedFields = null,
    });
}
