using Microsoft.AspNetCore.Http;
using Slipway.Registry.Content;

namespace Slipway.Registry.Distribution;

/// <summary>
/// <c>GET /v2/token</c>: gives a token for as much of the scopes asked for as the caller may have. A token with less than was
/// asked is not an error here; the request that needs more is refused where it is made.
/// </summary>
internal sealed class TokenEndpoint(RegistryAccess access, RegistryTokens tokens, TimeProvider time)
{
    /// <summary>More scopes than any client asks for in one go; the rest is ignored.</summary>
    private const int ScopesMax = 32;

    public async Task HandleAsync(HttpContext context)
    {
        if (await access.IdentifyAsync(context) is not { } caller)
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"Slipway registry\"";
            await RegistryErrors.WriteAsync(context, 401, "UNAUTHORIZED", "The name or the secret is wrong.");
            return;
        }

        var granted = new Dictionary<string, IReadOnlyList<RegistryAction>>(StringComparer.Ordinal);
        var scopes = context.Request.Query["scope"].SelectMany(value => (value ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        foreach (var scope in scopes.Take(ScopesMax))
        {
            if (TryRead(scope, out var repository, out var actions))
            {
                granted[repository] = [.. actions.Where(action => caller.May(repository, action))];
            }
        }

        // Nobody gets a token by name alone: a named caller proved their secret, everyone else gets what anonymity is allowed.
        var token = tokens.Issue(caller.Name, granted);
        var answer = new TokenAnswer(token, token, (int)RegistryTokens.Lifetime.TotalSeconds, time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"));
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsJsonAsync(answer, DistributionJson.Default.TokenAnswer, cancellationToken: context.RequestAborted);
    }

    private static bool TryRead(string scope, out string repository, out IReadOnlyList<RegistryAction> actions)
    {
        (repository, actions) = (string.Empty, []);
        var first = scope.IndexOf(':', StringComparison.Ordinal);
        var last = scope.LastIndexOf(':');
        if (first <= 0 || last <= first)
        {
            return false;
        }

        var (kind, name) = (scope[..first], scope[(first + 1)..last]);
        if (kind == "registry" && name == "catalog")
        {
            actions = [RegistryAction.Pull];
            return true;
        }

        if (kind != "repository" || !Names.IsRepository(name))
        {
            return false;
        }

        repository = name;
        actions = [.. scope[(last + 1)..].Split(',').SelectMany(Read).Distinct()];
        return true;
    }

    private static RegistryAction[] Read(string action) => action switch
    {
        "pull" => [RegistryAction.Pull],
        "push" => [RegistryAction.Push],
        "delete" => [RegistryAction.Delete],
        "*" => [RegistryAction.Pull, RegistryAction.Push, RegistryAction.Delete],
        _ => [],
    };
}
