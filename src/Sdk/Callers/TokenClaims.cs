using System.Text.Json;

namespace Slipway.Sdk.Callers;

/// <summary>Reads verified claims into a caller.</summary>
internal static class TokenClaims
{
    public static Caller ToCaller(JsonElement claims)
    {
        var subject = Text(claims, "sub") ?? "";
        var userId = Guid.TryParse(Text(claims, "userId"), out var id) || Guid.TryParse(subject, out id) ? id : Guid.Empty;
        var client = Text(claims, "client_id");
        var roles = Texts(claims, "roles");
        if (Text(claims, "role") is { } role)
        {
            roles.Add(role);
        }

        return new Caller
        {
            Subject = subject,
            UserId = userId,
            Kind = userId == Guid.Empty || subject == client ? CallerKind.Service : CallerKind.User,
            Email = Text(claims, "email"),
            EmailVerified = claims.TryGetProperty("email_verified", out var verified) && verified.ValueKind == JsonValueKind.True,
            Name = Text(claims, "name") ?? Text(claims, "username"),
            Roles = roles,
            Scopes = Words(Text(claims, "scope")),
            ClientId = client,
            SessionId = Guid.TryParse(Text(claims, "sid"), out var session) ? session : null,
            Methods = Texts(claims, "amr"),
            AuthenticatedAt = Instant(claims, "auth_time"),
        };
    }

    public static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A claim that is one text or a list of texts, as <c>aud</c> may be.</summary>
    public static HashSet<string> Texts(JsonElement element, string name)
    {
        var texts = new HashSet<string>(StringComparer.Ordinal);
        if (element.TryGetProperty(name, out var value))
        {
            if (value.ValueKind == JsonValueKind.String)
            {
                texts.Add(value.GetString()!);
            }
            else if (value.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in value.EnumerateArray())
                {
                    if (item.ValueKind == JsonValueKind.String)
                    {
                        texts.Add(item.GetString()!);
                    }
                }
            }
        }

        return texts;
    }

    /// <summary>Seconds since 1970; null if absent or beyond any sensible time.</summary>
    public static DateTimeOffset? Instant(JsonElement element, string name)
    {
        const double SecondsMax = 253_402_300_799;
        return element.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out var seconds)
            && seconds is >= 0 and <= SecondsMax
            ? DateTimeOffset.UnixEpoch.AddSeconds(Math.Floor(seconds))
            : null;
    }

    private static HashSet<string> Words(string? text) =>
        new((text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);
}
