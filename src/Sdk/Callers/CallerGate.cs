using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Callers;

/// <summary>Lets a request pass to its endpoint only if the endpoint's rules hold. What declares nothing is closed.</summary>
internal sealed class CallerGate(RequestDelegate next, CallerAuthentication? authentication)
{
    // One entry per endpoint of the program.
    private readonly ConcurrentDictionary<Endpoint, IReadOnlyList<AccessRule>?> _rules = new();

    public async Task InvokeAsync(HttpContext http)
    {
        // Answers that routing makes up by itself, such as 405, are no route's endpoint and reveal nothing.
        if (http.GetEndpoint() is RouteEndpoint endpoint && await RefuseAsync(http, endpoint) is { } problem)
        {
            await ProblemResults.WriteAsync(http, problem);
            return;
        }

        await next(http);
    }

    /// <exception cref="ServiceMistakeException">Some endpoint would always be closed.</exception>
    public static void Check(IEnumerable<Endpoint> endpoints, bool knowsCallers)
    {
        var undeclared = new List<string>();
        var withoutCallers = new List<string>();
        foreach (var endpoint in endpoints.OfType<RouteEndpoint>())
        {
            switch (RulesOf(endpoint))
            {
                case null:
                    undeclared.Add(NameOf(endpoint));
                    break;
                case { Count: > 0 } when !knowsCallers:
                    withoutCallers.Add(NameOf(endpoint));
                    break;
            }
        }

        if (undeclared.Count > 0)
        {
            throw new ServiceMistakeException(
                $"These endpoints do not say who may call them; add Requires(scope), RequiresRole(role), RequiresCaller() or OpenToAll(reason): {string.Join(", ", undeclared)}");
        }

        if (withoutCallers.Count > 0)
        {
            throw new ServiceMistakeException($"These endpoints ask for a caller, so the service must call UseCallers(audience): {string.Join(", ", withoutCallers)}");
        }
    }

    private async ValueTask<Problem?> RefuseAsync(HttpContext http, RouteEndpoint endpoint)
    {
        if (_rules.GetOrAdd(endpoint, RulesOf) is not { } rules)
        {
            return Problem.Forbidden("This call is closed.");
        }

        if (authentication is null || (rules.Count == 0 && http.Request.Headers.Authorization.Count == 0))
        {
            return rules.Count == 0 ? null : Problem.Unauthenticated("This service knows no callers.");
        }

        var proven = await authentication.AuthenticateAsync(http, needed: rules.Count > 0);
        if (!proven.Is(out var caller, out var problem))
        {
            return rules.Count == 0 ? null : problem;
        }

        http.Features.Set(caller);
        foreach (var rule in rules)
        {
            switch (rule)
            {
                case AccessRule.Scope scope when !caller.Scopes.Contains(scope.Name):
                    return Problem.MissingScope(scope.Name) with
                    {
                        Headers = [new("WWW-Authenticate", $"Bearer error=\"insufficient_scope\", scope=\"{scope.Name}\"")],
                    };
                case AccessRule.Role role when !caller.Roles.Contains(role.Name):
                    return Problem.Forbidden($"This call is for the role {role.Name}.") with { Args = new() { ["role"] = role.Name } };
            }
        }

        return null;
    }

    private static IReadOnlyList<AccessRule>? RulesOf(Endpoint endpoint) => AccessRule.InForce(endpoint.Metadata.GetOrderedMetadata<AccessRule>());

    private static string NameOf(RouteEndpoint endpoint)
    {
        var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods;
        return $"{(methods is { Count: > 0 } ? string.Join('|', methods) : "any method")} {endpoint.RoutePattern.RawText}";
    }
}
