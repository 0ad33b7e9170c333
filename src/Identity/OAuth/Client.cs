namespace Slipway.Identity.OAuth;

/// <summary>A program that may ask for tokens.</summary>
internal sealed record Client
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Whether it can keep a secret; a page or a program on somebody's machine cannot.</summary>
    public bool Confidential { get; init; }

    /// <summary>Belongs to this installation: asking people whether they trust their own page would only train them to agree.</summary>
    public bool FirstParty { get; init; }

    public bool Active { get; init; } = true;

    public IReadOnlyList<string> RedirectUris { get; init; } = [];

    public IReadOnlyList<string> SignOutUris { get; init; } = [];

    public IReadOnlyList<string> Scopes { get; init; } = [];

    public IReadOnlyList<string> Grants { get; init; } = [Grant.AuthorizationCode, Grant.RefreshToken];

    public byte[]? SecretHash { get; init; }

    /// <summary>Who registered it; empty for what the installation brings along.</summary>
    public Guid? OwnerId { get; init; }
}

internal static class Grant
{
    public const string AuthorizationCode = "authorization_code";
    public const string RefreshToken = "refresh_token";
    public const string ClientCredentials = "client_credentials";
}
