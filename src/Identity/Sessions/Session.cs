using Npgsql;

namespace Slipway.Identity.Sessions;

internal enum SessionKind
{
    /// <summary>A browser that is signed in at this service itself, by cookie.</summary>
    Browser,

    /// <summary>A sign-in with a password that got tokens at once (<c>/auth/login</c>, <c>/api/v1/users/login</c>).</summary>
    Token,

    /// <summary>What a client got through OAuth; its parent is the browser's session, if it came from one.</summary>
    Grant,
}

/// <summary>One sign-in. Its refresh tokens form one family; revoking the session ends them all.</summary>
internal sealed record Session
{
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    public Guid? ParentId { get; init; }

    public required SessionKind Kind { get; init; }

    public required string ClientId { get; init; }

    public IReadOnlyList<string> Audience { get; init; } = [];

    public IReadOnlyList<string> Scopes { get; init; } = [];

    public IReadOnlyList<string> Methods { get; init; } = [];

    public string? Network { get; init; }

    public string? UserAgent { get; init; }

    public required DateTimeOffset AuthenticatedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastSeenAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>In the order in which <see cref="Read"/> expects them.</summary>
    public const string Columns =
        """
        id, user_id, parent_id, kind, client_id, audience, scopes, methods, network, user_agent, authenticated_at, created_at,
        last_seen_at, expires_at, revoked_at
        """;

    public bool IsOpenAt(DateTimeOffset now) => RevokedAt is null && now < ExpiresAt;

    public static Session Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        UserId = row.GetGuid(1),
        ParentId = row.IsDBNull(2) ? null : row.GetGuid(2),
        Kind = KindOf(row.GetString(3)),
        ClientId = row.GetString(4),
        Audience = Words(row.GetString(5)),
        Scopes = Words(row.GetString(6)),
        Methods = Words(row.GetString(7)),
        Network = row.IsDBNull(8) ? null : row.GetString(8),
        UserAgent = row.IsDBNull(9) ? null : row.GetString(9),
        AuthenticatedAt = row.GetFieldValue<DateTimeOffset>(10),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(11),
        LastSeenAt = row.GetFieldValue<DateTimeOffset>(12),
        ExpiresAt = row.GetFieldValue<DateTimeOffset>(13),
        RevokedAt = row.IsDBNull(14) ? null : row.GetFieldValue<DateTimeOffset>(14),
    };

    public static string NameOf(SessionKind kind) => kind switch
    {
        SessionKind.Browser => "browser",
        SessionKind.Token => "token",
        _ => "grant",
    };

    private static SessionKind KindOf(string name) => name switch
    {
        "browser" => SessionKind.Browser,
        "token" => SessionKind.Token,
        _ => SessionKind.Grant,
    };

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>A sign-in that is about to begin.</summary>
internal sealed record NewSession
{
    public required Guid UserId { get; init; }

    /// <summary>As it was when the person was checked. If it has changed since, the session does not begin.</summary>
    public required long SecurityVersion { get; init; }

    public required SessionKind Kind { get; init; }

    public required string ClientId { get; init; }

    public Guid? ParentId { get; init; }

    public IReadOnlyList<string> Audience { get; init; } = [];

    public IReadOnlyList<string> Scopes { get; init; } = [];

    public required IReadOnlyList<string> Methods { get; init; }

    public byte[]? CookieHash { get; init; }

    public string? Network { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>Now, unless a grant inherits the moment from its browser session.</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary>The absolute limit, whatever happens in between.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(90);
}
