using Slipway.Api.Access;
using Slipway.Api.Replies;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Model.Serving;

namespace Slipway.Api.Admission;

/// <summary>
/// Keeps the annotations that say who made a serving resource and who changed its spec last. Users cannot set them, but
/// what they send must not contradict them either: a manifest that claims another author was copied from elsewhere.
/// </summary>
internal static class ServingAuthors
{
    public static bool Concern(Resource resource) =>
        resource.Kind == Kinds.Service
        || ((resource.Kind == Kinds.Configuration || resource.Kind == Kinds.Route)
            && resource.Metadata.OwnerReferences is null or { Count: 0 });

    public static Resource Stamp(Resource draft, Caller caller) =>
        Annotated(draft, caller.User, caller.User);

    public static Outcome<Resource> Keep(Resource next, Resource current, bool specChanged, Caller caller)
    {
        var creator = current.Metadata.Annotation(ServingNames.Creator);
        var modifier = current.Metadata.Annotation(ServingNames.LastModifier);
        if (Differs(next, ServingNames.Creator, creator))
        {
            return Immutable(ServingNames.Creator);
        }

        if (!specChanged && Differs(next, ServingNames.LastModifier, modifier))
        {
            return Immutable(ServingNames.LastModifier);
        }

        return Annotated(next, creator, specChanged ? caller.User : modifier);
    }

    private static bool Differs(Resource next, string annotation, string? stored) =>
        next.Metadata.Annotation(annotation) is { } given && stored is not null && given != stored;

    private static Failure Immutable(string annotation) =>
        Failures.BadRequest($"validation failed: annotation value is immutable: metadata.annotations.{annotation}");

    private static Resource Annotated(Resource resource, string? creator, string? modifier)
    {
        var annotations = new Dictionary<string, string>(resource.Metadata.Annotations ?? []);
        if (creator is not null)
        {
            annotations[ServingNames.Creator] = creator;
        }

        if (modifier is not null)
        {
            annotations[ServingNames.LastModifier] = modifier;
        }

        return resource.With(resource.Metadata with { Annotations = annotations.Count == 0 ? null : annotations });
    }
}
