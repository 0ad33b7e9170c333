using System.Net;
using System.Text.Json;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Outbound;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Settings;

namespace Slipway.Sdk.Sessions;

/// <summary>Tokens fresh from the identity service, and who they are about.</summary>
internal sealed record GrantedTokens(SessionTokens Tokens, TimeSpan Lifetime, SessionUser User);

/// <summary>The identity service's token endpoint, as a public client uses it.</summary>
internal sealed class IdentityTokens(ServiceCalls calls, ServiceAddresses addresses, SessionOptions options, TimeProvider time)
{
    private const string Service = "identity";

    private static readonly TimeSpan s_skew = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(5);

    public string Issuer => addresses.Public(Service).GetLeftPart(UriPartial.Authority);

    public Task<Outcome<GrantedTokens>> ExchangeAsync(string code, SignInAttempt attempt, Uri redirect, CancellationToken cancellation) => GrantAsync(
        attempt.Nonce,
        cancellation,
        new("grant_type", "authorization_code"),
        new("code", code),
        new("redirect_uri", redirect.AbsoluteUri),
        new("client_id", options.ClientId),
        new("code_verifier", attempt.Verifier));

    public Task<Outcome<GrantedTokens>> RefreshAsync(string refreshToken, CancellationToken cancellation) => GrantAsync(
        null,
        cancellation,
        new("grant_type", "refresh_token"),
        new("refresh_token", refreshToken),
        new("client_id", options.ClientId));

    /// <summary>The end of a session; if identity is away its own limits end the family later.</summary>
    public async Task RevokeAsync(string refreshToken, CancellationToken cancellation)
    {
        using var form = new FormUrlEncodedContent([new("token", refreshToken), new("token_type_hint", "refresh_token"), new("client_id", options.ClientId)]);
        try
        {
            using var answer = await calls.Client(Service).PostAsync("/oauth2/revoke", form, cancellation);
        }
        catch (ProblemException)
        {
            // Signing out here must work without identity.
        }
    }

    private async Task<Outcome<GrantedTokens>> GrantAsync(string? nonce, CancellationToken cancellation, params KeyValuePair<string, string>[] values)
    {
        using var form = new FormUrlEncodedContent(values);
        using var answer = await calls.Client(Service).PostAsync("/oauth2/token", form, cancellation);
        var tokens = Read(await answer.Content.ReadAsByteArrayAsync(cancellation));
        if (tokens?.Error == "invalid_grant")
        {
            return new Problem(401, "signInRefused", "Signed out", "The identity service does not know this sign-in, or has ended it.");
        }

        // Whatever else went wrong is not the browser's fault, and must not end its session.
        if (answer.StatusCode != HttpStatusCode.OK || tokens?.AccessToken is null)
        {
            return Problem.Unavailable(
                "identityUnavailable", $"The identity service answered {(int)answer.StatusCode}{(tokens?.Error is { } error ? $" ({error})" : "")} when asked for a token.", TimeSpan.FromSeconds(1));
        }

        return Person(tokens, nonce) is { } user
            ? new GrantedTokens(
                new SessionTokens(tokens.AccessToken, tokens.RefreshToken),
                TimeSpan.FromSeconds(Math.Max(tokens.ExpiresIn ?? 60, s_shortest.TotalSeconds)),
                user)
            : new Problem(401, "signInRefused", "Signed out", "The identity service's answer is not about this sign-in.");
    }

    /// <summary>
    /// Both tokens came straight from the identity service, so OpenID Connect Core 3.1.3.7 lets their signatures be; the
    /// services they are shown to do verify them. What must hold is that they answer this very sign-in.
    /// </summary>
    private SessionUser? Person(TokenAnswer answer, string? nonce)
    {
        if (TokenParts.Of(answer.AccessToken!)?.Claims is not { } access || TokenClaims.Text(access, "sub") is not { } subject)
        {
            return null;
        }

        var about = access;
        if (nonce is not null)
        {
            if (answer.IdToken is null || TokenParts.Of(answer.IdToken)?.Claims is not { } identity
                || TokenClaims.Text(identity, "iss") != Issuer
                || TokenClaims.Text(identity, "sub") != subject
                || TokenClaims.Text(identity, "nonce") != nonce
                || !TokenClaims.Texts(identity, "aud").Contains(options.ClientId)
                || TokenClaims.Instant(identity, "exp") is not { } expires || expires + s_skew < time.GetUtcNow())
            {
                return null;
            }

            about = identity;
        }

        var caller = TokenClaims.ToCaller(access);
        return new SessionUser(
            subject,
            TokenClaims.Text(about, "email") ?? caller.Email,
            TokenClaims.Text(about, "name") ?? TokenClaims.Text(about, "preferred_username") ?? caller.Name,
            [.. caller.Roles.Order(StringComparer.Ordinal)]);
    }

    private static TokenAnswer? Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, SessionJson.Default.TokenAnswer);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
