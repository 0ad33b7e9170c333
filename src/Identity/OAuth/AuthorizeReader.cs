using Microsoft.Extensions.Primitives;

namespace Slipway.Identity.OAuth;

/// <summary>Reads an authorisation request. Pure: the parameters and the client named by them go in, a reading comes out.</summary>
internal static class AuthorizeReader
{
    private const int TextMax = 500;

    private static readonly HashSet<string> s_known = new(StringComparer.Ordinal)
    {
        "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge", "code_challenge_method",
        "prompt", "max_age", "login_hint", "resource", "response_mode", "ui_locales", "display", "acr_values", "id_token_hint",
    };

    public static AuthorizeReading Read(IReadOnlyDictionary<string, StringValues> parameters, Client? client)
    {
        if (Single(parameters, "client_id") is null || client is not { Active: true })
        {
            return new AuthorizeReading.ForPerson("unknownClient", "The program that sent you here is not registered (client_id).");
        }

        if (Single(parameters, "redirect_uri") is not { } redirectUri || !RedirectUris.Matches(client.RedirectUris, redirectUri))
        {
            return new AuthorizeReading.ForPerson("redirectNotRegistered",
                $"The address to return to (redirect_uri) is not one that {client.Name} registered. It must be the same letter by letter.");
        }

        var state = Single(parameters, "state");
        AuthorizeReading Refuse(string error, string detail) => new AuthorizeReading.ForClient(redirectUri, state is { Length: <= TextMax } ? state : null, error, detail);

        if (Repeated(parameters) is { } repeated)
        {
            return Refuse("invalid_request", $"{repeated} may be given once.");
        }

        if (state is { Length: > TextMax } || Single(parameters, "nonce") is { Length: > TextMax })
        {
            return Refuse("invalid_request", $"state and nonce have at most {TextMax} characters.");
        }

        if (Single(parameters, "response_type") != "code")
        {
            return Refuse("unsupported_response_type", "response_type must be code.");
        }

        if (Single(parameters, "response_mode") is not (null or "query"))
        {
            return Refuse("invalid_request", "response_mode must be query.");
        }

        if (!client.Grants.Contains(Grant.AuthorizationCode))
        {
            return Refuse("unauthorized_client", "This client may not use authorisation codes.");
        }

        var challenge = Single(parameters, "code_challenge");
        if (Single(parameters, "code_challenge_method") != Pkce.Method || !Pkce.IsChallenge(challenge))
        {
            return Refuse("invalid_request", "code_challenge (43 characters of base64url) with code_challenge_method=S256 is required.");
        }

        return ReadScopes(parameters, client, out var scopes, out var audiences) is { } refusal
            ? Refuse(refusal.Error, refusal.Detail)
            : ReadRest(parameters, Refuse, new AuthorizeRequest
            {
                Client = client,
                RedirectUri = redirectUri,
                Scopes = scopes,
                Audiences = audiences,
                Challenge = challenge!,
                State = state,
                Nonce = Single(parameters, "nonce"),
                LoginHint = Single(parameters, "login_hint") is { Length: <= 254 } hint ? hint : null,
            });
    }

    private static AuthorizeReading ReadRest(
        IReadOnlyDictionary<string, StringValues> parameters, Func<string, string, AuthorizeReading> refuse, AuthorizeRequest request)
    {
        Prompt? prompt = Single(parameters, "prompt") switch
        {
            null => Prompt.Unsaid,
            "none" => Prompt.None,
            "login" => Prompt.Login,
            "consent" => Prompt.Consent,
            "create" => Prompt.Create,
            "select_account" => Prompt.Login,
            _ => null,
        };
        if (prompt is null)
        {
            return refuse("invalid_request", "prompt is one of none, login, consent, create, select_account.");
        }

        TimeSpan? ageMax = null;
        if (Single(parameters, "max_age") is { } age)
        {
            if (!int.TryParse(age, System.Globalization.NumberStyles.None, null, out var seconds))
            {
                return refuse("invalid_request", "max_age is a whole number of seconds.");
            }

            ageMax = TimeSpan.FromSeconds(seconds);
        }

        return new AuthorizeReading.Good(request with { Prompt = prompt.Value, AgeMax = ageMax });
    }

    private static (string Error, string Detail)? ReadScopes(
        IReadOnlyDictionary<string, StringValues> parameters, Client client, out IReadOnlyList<string> scopes, out IReadOnlyList<string> audiences)
    {
        audiences = [];
        scopes = ScopeSet.Read(Single(parameters, "scope")) ?? [];
        if (scopes.Count == 0)
        {
            return ("invalid_scope", "scope names at least one scope, separated by single spaces.");
        }

        foreach (var scope in scopes)
        {
            if (!ScopeSet.OpenIdScopes.Contains(scope) && (scope.EndsWith('*') || !ScopeSet.Covers(client.Scopes, scope)))
            {
                return ("invalid_scope", $"{client.Id} may not ask for {scope}.");
            }
        }

        return Audience.Read(Single(parameters, "resource"), scopes, out audiences) ? null : ("invalid_target", "resource must be an app that one of the scopes belongs to.");
    }

    /// <summary>Parameters unknown here are ignored, as OAuth demands; a known one given twice is an attempt to confuse two readers.</summary>
    private static string? Repeated(IReadOnlyDictionary<string, StringValues> parameters)
    {
        foreach (var (name, values) in parameters)
        {
            if (values.Count > 1 && s_known.Contains(name))
            {
                return name;
            }
        }

        return null;
    }

    private static string? Single(IReadOnlyDictionary<string, StringValues> parameters, string name) =>
        parameters.TryGetValue(name, out var values) && values is [{ Length: > 0 } value] ? value : null;
}
