using System.Text.Json.Nodes;
using Slipway.Model.Resources;
using Slipway.Model.Serving;
using Slipway.Model.Trees;

namespace Slipway.Model.Defaulting;

/// <summary>Who created an object and who changed its spec last, as annotations of serving kinds.</summary>
public static class Authorship
{
    /// <summary>
    /// Writes or restores the annotations in place; call it after defaulting and before validation, which refuses a
    /// creator or modifier that a client made up. Children of a Service carry copies and are left alone.
    /// </summary>
    public static void Apply(ResourceKind kind, JsonObject next, JsonObject? current, string caller)
    {
        var isOwned = (current ?? next).Object("metadata").List("ownerReferences") is { Count: > 0 };
        if (kind != Kinds.Service && (isOwned || (kind != Kinds.Configuration && kind != Kinds.Route)))
        {
            return;
        }

        if (next.Ensure("metadata")?.Ensure("annotations") is not { } annotations)
        {
            return;
        }

        if (current is null)
        {
            annotations[ServingNames.Creator] = caller;
            annotations[ServingNames.LastModifier] = caller;
            return;
        }

        var stored = current.Object("metadata").Object("annotations");
        if (!annotations.Has(ServingNames.Creator) && stored.Text(ServingNames.Creator) is { } creator)
        {
            annotations[ServingNames.Creator] = creator;
        }

        if (!JsonTree.Same(current.Object("spec"), next.Object("spec")))
        {
            annotations[ServingNames.LastModifier] = caller;
        }
        else if (!annotations.Has(ServingNames.LastModifier) && stored.Text(ServingNames.LastModifier) is { } modifier)
        {
            annotations[ServingNames.LastModifier] = modifier;
        }
    }
}
