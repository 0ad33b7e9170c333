using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Slipway.Model.Resources;

namespace Slipway.Store.Writes;

/// <summary>The rules of writing as pure functions: what is asked and what is there go in, what changes comes out.</summary>
internal static class WriteRules
{
    public static Decision Create(Resource draft, Resource? existing, Resource? home, in DecisionContext context)
    {
        if (existing is not null)
        {
            return StoreFailures.AlreadyExists(draft.Key);
        }

        if (home is { IsDeleting: true })
        {
            return StoreFailures.Terminating(draft.Key);
        }

        var metadata = draft.Metadata with
        {
            Uid = context.NewUid().ToString("D"),
            ResourceVersion = Text(context.Version),
            Generation = 1,
            CreationTimestamp = context.Now,
            DeletionTimestamp = null,
            DeletionGracePeriodSeconds = null,
        };
        return new Decision.Make(new Change(ChangeType.Added, new Resource(draft.Kind, metadata, Compact(draft.Body)), null));
    }

    public static Decision Replace(Resource next, Resource? current, in DecisionContext context)
    {
        if (current is null)
        {
            return StoreFailures.NotFound(next.Key);
        }

        if (!string.IsNullOrEmpty(next.Metadata.Uid) && next.Metadata.Uid != current.Uid)
        {
            return StoreFailures.OtherUid(current, next.Metadata.Uid);
        }

        if (next.Metadata.ResourceVersion != current.Metadata.ResourceVersion)
        {
            return StoreFailures.Changed(current, next.Metadata.ResourceVersion);
        }

        var kept = current.Metadata;
        var metadata = next.Metadata with
        {
            GenerateName = kept.GenerateName,
            Uid = kept.Uid,
            Generation = kept.Generation,
            CreationTimestamp = kept.CreationTimestamp,
            DeletionTimestamp = kept.DeletionTimestamp,
            DeletionGracePeriodSeconds = kept.DeletionGracePeriodSeconds,
        };
        var sameBody = Sameness.OfBodies(next.Body, current.Body);
        if (sameBody && Sameness.OfMetadata(metadata, kept))
        {
            return new Decision.Keep(current);
        }

        if (current.IsDeleting)
        {
            var added = (metadata.Finalizers ?? []).Except(kept.Finalizers ?? []).FirstOrDefault();
            if (added is not null)
            {
                return StoreFailures.Invalid(
                    "metadata.finalizers",
                    $"\"{added}\" cannot be added, because the object is being deleted already; finalizers may only be taken off now");
            }
        }

        metadata.ResourceVersion = Text(context.Version);
        if (!sameBody && !Sameness.OfIntent(next.Body, current.Body))
        {
            metadata.Generation = kept.Generation + 1;
        }

        // Text that means the same is kept as it was, so that versions share it.
        var made = new Resource(current.Kind, metadata, sameBody ? current.Body : Compact(next.Body));
        var gone = current.IsDeleting && metadata.Finalizers is null or { Count: 0 };
        return new Decision.Make(new Change(gone ? ChangeType.Deleted : ChangeType.Modified, made, current));
    }

    public static Decision Delete(ResourceKey key, Resource? current, DeleteOptions options, in DecisionContext context)
    {
        if (current is null)
        {
            return StoreFailures.NotFound(key);
        }

        if (options.Uid is not null && options.Uid != current.Uid)
        {
            return StoreFailures.OtherUid(current, options.Uid);
        }

        if (options.ResourceVersion is not null && options.ResourceVersion != current.Metadata.ResourceVersion)
        {
            return StoreFailures.Changed(current, options.ResourceVersion);
        }

        var finalizers = FinalizersFor(current, options.Propagation);
        var metadata = current.Metadata with { ResourceVersion = Text(context.Version) };
        if (finalizers.Count == 0)
        {
            metadata.Finalizers = null;
            metadata.DeletionTimestamp ??= context.Now;
            metadata.DeletionGracePeriodSeconds ??= 0;
            return new Decision.Make(new Change(ChangeType.Deleted, current.With(metadata), current));
        }

        if (current.IsDeleting && finalizers.SequenceEqual(current.Metadata.Finalizers ?? [], StringComparer.Ordinal))
        {
            return new Decision.Keep(current);
        }

        metadata.Finalizers = finalizers;
        metadata.DeletionTimestamp ??= context.Now;
        metadata.DeletionGracePeriodSeconds ??= 0;
        var marked = current.With(metadata);
        return new Decision.Make(new Change(
            ChangeType.Modified,
            current.Kind == Kinds.Namespace && !current.IsDeleting ? Terminating(marked) : marked,
            current));
    }

    /// <summary>A later deletion may change its mind about the dependents, as long as the object is still there.</summary>
    private static List<string> FinalizersFor(Resource current, Propagation propagation)
    {
        var finalizers = (current.Metadata.Finalizers ?? [])
            .Where(finalizer => finalizer is not (Finalizers.Foreground or Finalizers.Orphan))
            .ToList();
        if (current.Kind == Kinds.Namespace && !current.IsDeleting && !finalizers.Contains(Finalizers.NamespaceContents))
        {
            finalizers.Add(Finalizers.NamespaceContents);
        }

        switch (propagation)
        {
            case Propagation.Foreground:
                finalizers.Add(Finalizers.Foreground);
                break;
            case Propagation.Orphan:
                finalizers.Add(Finalizers.Orphan);
                break;
        }

        return finalizers;
    }

    private static Resource Terminating(Resource marked)
    {
        var raw = marked.RawField("status");
        var status = (raw.IsEmpty ? null : JsonNode.Parse(raw.Span)) as JsonObject ?? [];
        status["phase"] = "Terminating";
        return marked.WithRaw("status", System.Text.Encoding.UTF8.GetBytes(status.ToJsonString()));
    }

    /// <summary>A body that is a window on something larger would keep all of it alive.</summary>
    private static ReadOnlyMemory<byte> Compact(ReadOnlyMemory<byte> body) =>
        MemoryMarshal.TryGetArray(body, out var segment) && segment.Array!.Length == body.Length ? body : body.ToArray();

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);
}
