using System.Collections.Frozen;
using Slipway.Gateway.Refusals;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Policies;

/// <summary>What the platform's own tokens are checked against.</summary>
/// <param name="Issuer">Who issues them.</param>
/// <param name="Keys">Its public keys, as a JSON Web Key Set.</param>
public sealed record PlatformTokens(string Issuer, string Keys);

/// <summary>
/// Lets those pass that the service's policy binds to the role of an invoker, with a token of the platform made for this service. It may
/// stand in <c>X-Serverless-Authorization</c>, so that <c>Authorization</c> is left to the service itself.
/// </summary>
internal sealed class InvokerGate(TokenVerifier verifier, IReadOnlyList<string> members)
{
    private const string Everybody = "allUsers";
    private const string AnyAccount = "allAuthenticatedUsers";
    private const string AccountMember = "serviceAccount:";
    private const string AccountSubject = "system:serviceaccount:";

    private readonly bool _anyAccount = members.Contains(AnyAccount);
    private readonly FrozenSet<string> _subjects = members.Select(SubjectOf).OfType<string>().ToFrozenSet(StringComparer.Ordinal);

    public static bool IsOpen(IReadOnlyList<string>? members) => members is null || members.Contains(Everybody);

    public async ValueTask<Refusal?> CheckAsync(IRequestView request)
    {
        var field = request.Header("X-Serverless-Authorization") ?? request.Header("Authorization");
        if (field is null || !field.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return PolicyGate.Unauthenticated("unauthenticated", "Only its invokers may call this service: send a bearer token made for it.", "");
        }

        var token = field["Bearer ".Length..].Trim();
        var answer = verifier.Known(token) ?? await Task.Run(() => verifier.Verify(token)).ConfigureAwait(false);
        if (answer.Problem is { } problem)
        {
            return PolicyGate.Unauthenticated("invalidToken", problem, ", error=\"invalid_token\"");
        }

        return _anyAccount || (answer.Subject is { } subject && _subjects.Contains(subject))
            ? null
            : new Refusal(403, "notInvoker", "Not an invoker", "The token is valid, but its account may not invoke this service.");
    }

    /// <summary><c>serviceAccount:NAME@NAMESPACE…</c> is an account of the cluster here; people have no tokens of the platform.</summary>
    private static string? SubjectOf(string member)
    {
        if (!member.StartsWith(AccountMember, StringComparison.Ordinal) || member.Split('@') is not [var name, var place])
        {
            return null;
        }

        return $"{AccountSubject}{place.Split('.')[0]}:{name[AccountMember.Length..]}";
    }
}
