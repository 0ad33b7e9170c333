using System.Text.Json;

namespace Slipway.Identity.Tokens;

/// <summary>The claims of an access token, in the order in which people like to read them.</summary>
internal static class TokenClaims
{
    private static readonly HashSet<string> s_ours = new(StringComparer.Ordinal)
    {
        "iss", "sub", "aud", "exp", "iat", "nbf", "jti", "sid", "client_id", "scope", "userId", "email", "email_verified", "username", "name",
        "role", "roles", "amr", "auth_time",
    };

    public static void Write(
        Utf8JsonWriter writer, TokenRequest request, string issuer, Guid id, DateTimeOffset issuedAt, DateTimeOffset expiresAt)
    {
        writer.WriteStartObject();
        writer.WriteString("iss", issuer);
        writer.WriteString("sub", request.Subject?.UserId.ToString() ?? request.ClientId);
        WriteAudience(writer, request.Audience);
        writer.WriteNumber("iat", issuedAt.ToUnixTimeSeconds());
        writer.WriteNumber("exp", expiresAt.ToUnixTimeSeconds());
        writer.WriteString("jti", id);
        if (request.SessionId is { } session)
        {
            writer.WriteString("sid", session);
        }

        writer.WriteString("client_id", request.ClientId);
        writer.WriteString("scope", string.Join(' ', request.Scopes));
        if (request.Subject is { } subject)
        {
            WriteSubject(writer, subject);
        }

        if (request.Methods.Count > 0)
        {
            WriteList(writer, "amr", request.Methods);
        }

        if (request.AuthenticatedAt is { } authenticatedAt)
        {
            writer.WriteNumber("auth_time", authenticatedAt.ToUnixTimeSeconds());
        }

        foreach (var (name, value) in request.Extra ?? [])
        {
            if (!s_ours.Contains(name) && value is not null)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteSubject(Utf8JsonWriter writer, TokenSubject subject)
    {
        writer.WriteString("userId", subject.UserId);
        writer.WriteString("email", subject.Email);
        writer.WriteBoolean("email_verified", subject.EmailVerified);
        if (subject.Username is not null)
        {
            writer.WriteString("username", subject.Username);
        }

        if (subject.Name is not null)
        {
            writer.WriteString("name", subject.Name);
        }

        writer.WriteString("role", subject.Role);
        WriteList(writer, "roles", subject.Roles);
    }

    private static void WriteAudience(Utf8JsonWriter writer, IReadOnlyList<string> audience)
    {
        if (audience.Count == 1)
        {
            writer.WriteString("aud", audience[0]);
        }
        else
        {
            WriteList(writer, "aud", audience);
        }
    }

    private static void WriteList(Utf8JsonWriter writer, string name, IReadOnlyCollection<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
