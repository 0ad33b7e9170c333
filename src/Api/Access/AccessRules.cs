using Slipway.Api.Requests;
using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Api.Access;

/// <summary>What somebody wants to do: the question of every access decision and of <c>kubectl auth can-i</c>.</summary>
internal sealed record Attempt(string Verb, string Group, string Resource, string Subresource, string Namespace, string Name)
{
    public bool Reads => Verb is "get" or "list" or "watch";

    public static Attempt Of(Verb verb, ResourcePath path) =>
        new(verb.Text(), path.Kind.Group, path.Kind.Plural, path.Subresource, path.NamespaceOfAccess, path.Name);
}

/// <summary>Decides whether a caller may do something. Pure: grants in, answer out.</summary>
internal sealed class AccessRules(AccessOptions options)
{
    public bool Allows(Caller caller, Attempt attempt) =>
        caller.IsAdministrator || options.Grants.Any(grant => Covers(grant, caller, attempt));

    public Failure? Refusal(Caller caller, Attempt attempt)
    {
        if (Allows(caller, attempt))
        {
            return null;
        }

        var resource = attempt.Subresource.Length == 0 ? attempt.Resource : $"{attempt.Resource}/{attempt.Subresource}";
        var scope = attempt.Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace \"{attempt.Namespace}\"";
        var qualified = attempt.Group.Length == 0 ? attempt.Resource : $"{attempt.Resource}.{attempt.Group}";
        var subject = attempt.Name.Length == 0 ? $"{qualified} is" : $"{qualified} \"{attempt.Name}\" is";
        return new Failure(FailureKind.Forbidden, "forbidden",
            $"{subject} forbidden: User \"{caller.User}\" cannot {attempt.Verb} resource \"{resource}\" in API group \"{attempt.Group}\" {scope}");
    }

    private static bool Covers(Grant grant, Caller caller, Attempt attempt)
    {
        var meant = grant.IsGroup
            ? caller.Groups.Contains(grant.Subject, StringComparer.Ordinal)
            : caller.User == grant.Subject;
        var inScope = grant.Namespace is null || (attempt.Namespace.Length > 0 && grant.Namespace == attempt.Namespace);
        return meant && inScope && grant.Role switch
        {
            Role.Administrator => true,
            Role.Viewer => attempt.Reads && !(attempt.Group.Length == 0 && attempt.Resource == Kinds.Secret.Plural),
            _ => false,
        };
    }
}
