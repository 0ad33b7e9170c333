using System.Text.Json.Serialization;

namespace Slipway.Sdk.Sessions;

/// <summary>A session as its row holds it, tokens opened.</summary>
internal sealed record SessionRow(byte[] Id, SessionUser User, SessionTokens Tokens, DateTimeOffset TokensExpireAt, DateTimeOffset CreatedAt, DateTimeOffset SeenAt)
{
    /// <summary>Whichever limit comes first.</summary>
    public DateTimeOffset ExpiresAt(SessionOptions options)
    {
        var (idle, absolute) = (SeenAt + options.Idle, CreatedAt + options.Absolute);
        return idle < absolute ? idle : absolute;
    }
}

internal sealed record SessionTokens(string Access, string? Refresh);

/// <summary>Who is signed in, as the page may know it.</summary>
internal sealed record SessionUser(string Id, string? Email, string? Name, IReadOnlyList<string> Roles);

internal sealed record SessionView(bool Authenticated, SessionUser? User, string? CsrfToken, string? ExpiresAt);

internal sealed record SignedOutView(bool Authenticated, Uri SignOutUrl);

/// <summary>A sign-in on its way to the identity service and back, kept in a sealed cookie.</summary>
internal sealed record SignInAttempt(string State, string Nonce, string Verifier, string ReturnTo, DateTimeOffset ExpiresAt);

internal sealed record TokenAnswer(
    [property: JsonPropertyName("access_token")] string? AccessToken,
    [property: JsonPropertyName("refresh_token")] string? RefreshToken,
    [property: JsonPropertyName("id_token")] string? IdToken,
    [property: JsonPropertyName("expires_in")] int? ExpiresIn,
    [property: JsonPropertyName("error")] string? Error);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SessionTokens))]
[JsonSerializable(typeof(SessionUser))]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(SignedOutView))]
[JsonSerializable(typeof(SignInAttempt))]
[JsonSerializable(typeof(TokenAnswer))]
internal sealed partial class SessionJson : JsonSerializerContext;
