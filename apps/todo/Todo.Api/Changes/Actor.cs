using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Problems;

namespace Todo.Api.Changes;

/// <summary>The person behind a request. Todos belong to people, so a token without an account gets no further.</summary>
internal sealed record Actor(Guid Id, string? Name, string? Email)
{
    public static Actor Of(HttpContext http)
    {
        var caller = http.Caller();
        return caller.UserId == Guid.Empty
            ? throw new ProblemException(Problem.Forbidden("Todos belong to people. Use a token that was issued to an account."))
            : new Actor(caller.UserId, Shown(caller.Name ?? caller.Email), caller.EmailVerified ? caller.Email?.Trim().ToLowerInvariant() : null);
    }

    private static string? Shown(string? name) => name is { Length: > 200 } ? name[..200] : name;
}
