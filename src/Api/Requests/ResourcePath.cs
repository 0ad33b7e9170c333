using Slipway.Model.Resources;

namespace Slipway.Api.Requests;

/// <summary>
/// What a URL of the resource API names: a collection, one object, or a subresource of one object.
/// An empty namespace on a namespaced kind means all namespaces.
/// </summary>
internal sealed record ResourcePath(ResourceKind Kind, string Namespace, string Name, string Subresource)
{
    public bool IsCollection => Name.Length == 0;

    public ResourceKey Key => new(Kind, Namespace, Name);

    /// <summary>A Namespace object itself counts as being inside, so that a grant on a namespace covers it.</summary>
    public string NamespaceOfAccess => Kind == Kinds.Namespace ? Name : Namespace;

    /// <summary>Reads <c>/api/v1/…</c> and <c>/apis/{group}/{version}/…</c>; null when nothing we serve lives there.</summary>
    public static ResourcePath? Parse(string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return segments switch
        {
            ["api", var version, .. var rest] => Parse("", version, rest),
            ["apis", var group, var version, .. var rest] => Parse(group, version, rest),
            _ => null,
        };
    }

    private static ResourcePath? Parse(string group, string version, string[] rest) => rest switch
    {
        ["namespaces", var @namespace, "status" or "finalize"] => Of(group, version, "namespaces", "", @namespace, rest[2]),
        ["namespaces", var @namespace, var plural] => Of(group, version, plural, @namespace, "", "", namespaced: true),
        ["namespaces", var @namespace, var plural, var name] => Of(group, version, plural, @namespace, name, "", namespaced: true),
        ["namespaces", var @namespace, var plural, var name, var subresource] => Of(group, version, plural, @namespace, name, subresource, namespaced: true),
        [var plural] => Of(group, version, plural, "", "", ""),
        [var plural, var name] => Of(group, version, plural, "", name, "", namespaced: false),
        [var plural, var name, var subresource] => Of(group, version, plural, "", name, subresource, namespaced: false),
        _ => null,
    };

    private static ResourcePath? Of(
        string group, string version, string plural, string @namespace, string name, string subresource, bool? namespaced = null)
    {
        var kind = Kinds.FindByPlural(group, version, plural);
        return kind is null || (namespaced is not null && kind.Namespaced != namespaced)
            ? null
            : new ResourcePath(kind, @namespace, name, subresource);
    }
}
