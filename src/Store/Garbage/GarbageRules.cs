using Slipway.Model.Resources;

namespace Slipway.Store.Garbage;

/// <summary>Who goes, who stays and who has to wait, as Kubernetes has it. Pure: an object and its surroundings in, steps out.</summary>
internal static class GarbageRules
{
    public static IReadOnlyList<GarbageStep> Decide(Resource resource, IGarbageView view)
    {
        if (!resource.IsDeleting)
        {
            return resource.Metadata.OwnerReferences is { Count: > 0 } ? DecideByOwners(resource, view) : [];
        }

        var steps = new List<GarbageStep>();
        if (Has(resource, Finalizers.Orphan))
        {
            steps.AddRange(Orphan(resource, view));
        }

        if (Has(resource, Finalizers.Foreground))
        {
            steps.AddRange(Foreground(resource, view));
        }

        if (resource.Kind == Kinds.Namespace && Has(resource, Finalizers.NamespaceContents))
        {
            steps.AddRange(EmptyNamespace(resource, view));
        }

        // Two finalizers in one pass would be two writes to the same version; the second waits for the first.
        var first = steps.FindIndex(step => step is GarbageStep.DropFinalizer);
        return [.. steps.Where((step, at) => step is not GarbageStep.DropFinalizer || at == first)];
    }

    /// <summary>Whether an object waits for its dependents, which are then expected to go before it.</summary>
    public static bool Has(Resource resource, string finalizer) => resource.Metadata.Finalizers?.Contains(finalizer) == true;

    /// <summary>An object lives as long as one of its owners does.</summary>
    private static List<GarbageStep> DecideByOwners(Resource resource, IGarbageView view)
    {
        var going = new HashSet<string>(StringComparer.Ordinal);
        var (stays, waits) = (false, false);
        foreach (var reference in resource.Metadata.OwnerReferences!)
        {
            switch (OwnerOf(resource, reference, view))
            {
                case null:
                    going.Add(reference.Uid);
                    break;
                case { IsDeleting: true } owner when Has(owner, Finalizers.Foreground):
                    going.Add(reference.Uid);
                    waits = true;
                    break;
                default:
                    stays = true;
                    break;
            }
        }

        if (going.Count == 0)
        {
            return [];
        }

        return stays
            ? [new GarbageStep.DropOwners(resource, going)]
            : [new GarbageStep.Delete(resource, waits ? Propagation.Foreground : Propagation.Background)];
    }

    private static IEnumerable<GarbageStep> Orphan(Resource owner, IGarbageView view)
    {
        var uids = new HashSet<string>(StringComparer.Ordinal) { owner.Uid };
        var dependents = view.DependentsOf(owner.Uid);
        return dependents.Count == 0
            ? [new GarbageStep.DropFinalizer(owner, Finalizers.Orphan)]
            : dependents.Select(dependent => new GarbageStep.DropOwners(dependent, uids));
    }

    private static List<GarbageStep> Foreground(Resource owner, IGarbageView view)
    {
        var steps = new List<GarbageStep>();
        var blocked = false;
        foreach (var dependent in view.DependentsOf(owner.Uid))
        {
            var reference = dependent.Metadata.OwnerReferences!.First(reference => reference.Uid == owner.Uid);
            var going = dependent.IsDeleting ? [] : DecideByOwners(dependent, view);
            steps.AddRange(going);

            // In a ring of owners everybody would wait for everybody, so nobody waits for somebody further up.
            blocked |= reference.BlockOwnerDeletion == true && !IsAbove(dependent, owner, view);
        }

        if (!blocked)
        {
            steps.Add(new GarbageStep.DropFinalizer(owner, Finalizers.Foreground));
        }

        return steps;
    }

    private static IEnumerable<GarbageStep> EmptyNamespace(Resource home, IGarbageView view)
    {
        var contents = view.ContentsOf(home.Name).ToList();
        return contents.Count == 0
            ? [new GarbageStep.DropFinalizer(home, Finalizers.NamespaceContents)]
            : contents.Where(content => !content.IsDeleting).Select(content => new GarbageStep.Delete(content, Propagation.Background));
    }

    /// <summary>An owner in another namespace is no owner: names across namespaces must not let one team delete another's objects.</summary>
    private static Resource? OwnerOf(Resource resource, OwnerReference reference, IGarbageView view) =>
        view.FindByUid(reference.Uid) is { } owner && (owner.Namespace.Length == 0 || owner.Namespace == resource.Namespace) ? owner : null;

    private static bool IsAbove(Resource candidate, Resource resource, IGarbageView view)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<Resource>([resource]);
        while (open.TryPop(out var at))
        {
            foreach (var reference in at.Metadata.OwnerReferences ?? [])
            {
                if (reference.Uid == candidate.Uid)
                {
                    return true;
                }

                if (seen.Add(reference.Uid) && view.FindByUid(reference.Uid) is { } owner)
                {
                    open.Push(owner);
                }
            }
        }

        return false;
    }
}
