namespace Slipway.Sdk.Callers;

/// <summary>Who calls, as proven by a verified access token or API key. Handlers take it as a parameter.</summary>
public sealed record Caller
{
    /// <summary>The token's subject; for a person this is the account's id.</summary>
    public required string Subject { get; init; }

    /// <summary>The account's id, or <see cref="Guid.Empty"/> for a service.</summary>
    public Guid UserId { get; init; }

    public CallerKind Kind { get; init; } = CallerKind.User;

    public string? Email { get; init; }

    public bool EmailVerified { get; init; }

    public string? Name { get; init; }

    public IReadOnlySet<string> Roles { get; init; } = new HashSet<string>();

    public IReadOnlySet<string> Scopes { get; init; } = new HashSet<string>();

    public string? ClientId { get; init; }

    /// <summary>The sign-in this token came from; its end ends the token's refreshing.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>How the caller proved who they are: <c>pwd</c>, <c>otp</c>, <c>webauthn</c>.</summary>
    public IReadOnlySet<string> Methods { get; init; } = new HashSet<string>();

    public DateTimeOffset? AuthenticatedAt { get; init; }
}

public enum CallerKind
{
    User,
    Service,
    ApiKey,
}
