using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Callers;

/// <summary>Finds out who sent a request, from its Authorization header and from nothing else.</summary>
internal sealed class CallerAuthentication(TokenVerifier tokens, IApiKeyCheck apiKeys, KeyGuesses guesses)
{
    private const string Scheme = "Bearer ";
    private const string ApiKeyPrefix = "slp_";
    private const int ApiKeyCharactersMax = 512;

    private static readonly Problem s_missing = Problem.Unauthenticated("Send an access token or an API key as Authorization: Bearer.");

    /// <param name="needed">Without need a failing identity service is no reason to answer an error.</param>
    public async ValueTask<Outcome<Caller>> AuthenticateAsync(HttpContext http, bool needed)
    {
        var header = http.Request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { } value || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return s_missing;
        }

        var credential = value[Scheme.Length..].Trim();
        try
        {
            if (!credential.StartsWith(ApiKeyPrefix, StringComparison.Ordinal))
            {
                return await tokens.VerifyAsync(credential, http.RequestAborted);
            }

            return credential.Length <= ApiKeyCharactersMax
                ? await CheckAsync(http, credential)
                : Problem.Unauthenticated("The API key is not valid.");
        }
        catch (ProblemException exception) when (!needed)
        {
            return exception.Problem;
        }
    }

    private async ValueTask<Outcome<Caller>> CheckAsync(HttpContext http, string key)
    {
        if (guesses.Refuse(http) is { } refusal)
        {
            return refusal;
        }

        var outcome = await apiKeys.CheckAsync(key, http.RequestAborted);
        if (outcome.Problem is { Status: StatusCodes.Status401Unauthorized })
        {
            guesses.Count(http);
        }

        return outcome;
    }
}
