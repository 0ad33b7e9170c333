using System.Text.Json.Nodes;

namespace Slipway.Identity.Tokens;

/// <summary>Signs tokens with the key that is active now. Everything that hands out a token in this service does it here.</summary>
public interface ITokenIssuer
{
    /// <summary>The <c>iss</c> of every token: the service's public address without a trailing slash.</summary>
    string Issuer { get; }

    /// <summary>An access token with the claims that services of the platform understand.</summary>
    ValueTask<IssuedToken> IssueAsync(TokenRequest request, CancellationToken cancellation);

    /// <summary>Signs claims as they are, for tokens of another shape such as the <c>id_token</c> of OpenID Connect.</summary>
    ValueTask<string> SignAsync(JsonObject claims, string type, CancellationToken cancellation);
}

public sealed record IssuedToken(string Value, Guid Id, DateTimeOffset ExpiresAt, TimeSpan Lifetime)
{
    public int ExpiresIn => (int)Lifetime.TotalSeconds;
}

/// <summary>What an access token says. For a service (client credentials) <see cref="Subject"/> is absent.</summary>
public sealed record TokenRequest
{
    public const string PlainType = "JWT";
    public const string AccessType = "at+jwt";

    public TokenSubject? Subject { get; init; }

    public required IReadOnlyList<string> Audience { get; init; }

    public required TimeSpan Lifetime { get; init; }

    public required string ClientId { get; init; }

    public IReadOnlyCollection<string> Scopes { get; init; } = [];

    /// <summary>The sign-in this token belongs to: revoking it ends the refreshing of the token.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>How the person proved who they are: <c>pwd</c>, <c>otp</c>, <c>webauthn</c>.</summary>
    public IReadOnlyCollection<string> Methods { get; init; } = [];

    public DateTimeOffset? AuthenticatedAt { get; init; }

    public string Type { get; init; } = AccessType;

    /// <summary>Further claims; they cannot replace the ones above.</summary>
    public JsonObject? Extra { get; init; }
}

/// <summary>The part of an account that tokens carry.</summary>
public sealed record TokenSubject(Guid UserId, string Email, bool EmailVerified, string? Username, string? Name, string Role)
{
    /// <summary>Every role of the account; the one of <see cref="Role"/> is always among them.</summary>
    public IReadOnlyCollection<string> Roles { get; init; } = [Role];
}
