using System.Security.Cryptography.X509Certificates;

namespace Slipway.Api.Access;

/// <summary>What a caller may do in one namespace or everywhere.</summary>
public enum Role
{
    /// <summary>Reads everything but Secrets.</summary>
    Viewer,

    /// <summary>Reads and writes everything.</summary>
    Administrator,
}

/// <param name="Subject">A user name, or a group name when <paramref name="IsGroup"/>.</param>
/// <param name="Namespace">Null means every namespace and the cluster-wide kinds.</param>
public sealed record Grant(string Subject, bool IsGroup, Role Role, string? Namespace);

/// <summary>A bearer token that does not expire, and whose it is.</summary>
public sealed record StaticToken(string Token, Caller Caller)
{
    /// <summary>Tokens never reach a log, not even by accident.</summary>
    public override string ToString() => $"token of {Caller.User}";
}

/// <summary>Who may do what. The default lets nobody in.</summary>
public sealed record AccessOptions
{
    public IReadOnlyList<StaticToken> Tokens { get; init; } = [];

    public IReadOnlyList<Grant> Grants { get; init; } = [];

    /// <summary>The caller that requests without credentials become; null refuses them with 401.</summary>
    public Caller? Anonymous { get; init; }

    /// <summary>Client certificates signed by this authority name their user (CN) and groups (O); null ignores certificates.</summary>
    public X509Certificate2? ClientAuthority { get; init; }
}
