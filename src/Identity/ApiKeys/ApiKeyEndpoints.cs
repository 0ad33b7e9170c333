using System.Text.Json.Nodes;
using Slipway.Identity.Accounts;
using Slipway.Identity.Administration;
using Slipway.Identity.OAuth;
using Slipway.Identity.Sessions;
using Slipway.Identity.TwoFactor;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.ApiKeys;

/// <summary>Somebody's own keys.</summary>
internal static class ApiKeyEndpoints
{
    private const string Path = "/api/v1/account/api-keys";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Path, ListAsync).WithName("listApiKeys").Produces<ApiKeyList>(200).RequiresAccount(IdentityScopes.Read);
        app.MapPost(Path, CreateAsync).WithName("createApiKey")
            .Example("""{"name":"backup","scopes":["todo.todos:read"],"expiresInDays":90}""").Refuses("tooManyApiKeys", "stepUpRequired")
            .Accepts<ApiKeyBody>("application/json").Produces<ApiKeyView>(201).ProducesProblem(409).RequiresAccount(IdentityScopes.Write);
        app.MapDelete(Path + "/{id}", RevokeAsync).WithName("revokeApiKey").Produces(204).RequiresAccount(IdentityScopes.Write);
    }

    private static async Task<IResult> ListAsync(HttpContext http, Database database, CancellationToken cancellation)
    {
        var userId = http.Account().Account.Id;
        var keys = await database.ReadAsync((connection, c) => ApiKeyStore.OfAsync(connection, userId, c), cancellation);
        return Reply.Ok(new ApiKeyList([.. keys.Where(key => key.RevokedAt is null).Select(ApiKeyView.Of)]), ApiKeyJson.Default.ApiKeyList);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, Database database, ActivityLog activity, ApiKeys keys, TimeProvider time, CancellationToken cancellation)
    {
        http.Response.Headers.CacheControl = "no-store";
        var caller = http.Account();
        var now = time.GetUtcNow();
        if (StepUp.Require(caller, now) is { } stale)
        {
            return stale.ToResult();
        }

        if (!(await Body.ReadAsync(http.Request, ApiKeyJson.Default.ApiKeyBody, cancellation: cancellation)).Is(out var body, out var problem)
            || !Read(body, caller.Account, keys.Environment, now).Is(out var made, out problem))
        {
            return problem.ToResult();
        }

        var (text, key) = made;
        var refusal = await database.WriteAsync<Problem?>(
            async (tx, c) =>
            {
                if (await ApiKeyStore.LivingAsync(tx, key.UserId, now, c) >= ApiKeyRule.PerUserMax)
                {
                    return Problem.Conflict("tooManyApiKeys", "Too many API keys", $"An account has at most {ApiKeyRule.PerUserMax} keys. Delete one you no longer use.");
                }

                await ApiKeyStore.AddAsync(tx, key, c);
                await activity.AddAsync(tx, http, key.UserId, new Activity("apiKey.created", "apiKey", key.Id) { Changes = [new("/scopes", null, string.Join(' ', key.Scopes))] }, c);
                return null;
            },
            cancellation);
        return refusal is not null
            ? refusal.ToResult()
            : Reply.Created($"{Path}/{key.Id}", ApiKeyView.Of(key) with { Key = text.Write() }, ApiKeyJson.Default.ApiKeyView);
    }

    private static async Task<IResult> RevokeAsync(
        string id, HttpContext http, Database database, ActivityLog activity, TimeProvider time, CancellationToken cancellation)
    {
        var userId = http.Account().Account.Id;
        await database.WriteAsync(
            async (tx, c) =>
            {
                if (await ApiKeyStore.RevokeAsync(tx, userId, id, time.GetUtcNow(), c) == 1)
                {
                    await activity.AddAsync(tx, http, userId, new Activity("apiKey.revoked", "apiKey", id), c);
                }
            },
            cancellation);
        return Results.NoContent();
    }

    internal static Outcome<(ApiKeyText Text, ApiKey Key)> Read(ApiKeyBody body, Account account, string environment, DateTimeOffset now)
    {
        var findings = new Findings();
        var name = findings.Text("/name", body.Name, 100);
        var scopes = (body.Scopes ?? []).Distinct(StringComparer.Ordinal).ToList();
        if (scopes.Count is 0 or > ScopeSet.CountMax)
        {
            findings.Add("/scopes", scopes.Count == 0 ? "required" : "tooMany", $"scopes names 1 to {ScopeSet.CountMax} scopes such as todo.todos:read.", new JsonObject { ["max"] = ScopeSet.CountMax });
        }

        for (var at = 0; at < Math.Min(scopes.Count, ScopeSet.CountMax); at++)
        {
            if (scopes[at] is null || !ScopeSet.IsScope(scopes[at]) || !IsForKeys(scopes[at]))
            {
                findings.Add($"/scopes/{at}", "invalidScope", "A key's scope is written {app}.{resource}:{verb}, without wildcards, and is not one of this account itself.");
            }
            else if (!ScopePolicy.Allows(scopes[at], account.Role))
            {
                findings.Add($"/scopes/{at}", "notYours", "Your role does not have this power, so a key cannot have it either.");
            }
        }

        var expiresAt = ReadExpiry(body, now, findings);
        if (findings.Any)
        {
            return findings.ToProblem();
        }

        var text = ApiKeyText.New(environment);
        return (text, new ApiKey
        {
            Id = text.Id,
            UserId = account.Id,
            Name = name,
            Environment = environment,
            SecretHash = text.Hash(),
            Scopes = scopes,
            CreatedAt = now,
            ExpiresAt = expiresAt,
        });
    }

    /// <summary>A key never manages the account it belongs to: it could make further keys and outlive its own end.</summary>
    private static bool IsForKeys(string scope) =>
        scope.Contains(':', StringComparison.Ordinal) && !scope.EndsWith('*') && !scope.StartsWith(Audience.Own + ".", StringComparison.Ordinal);

    private static DateTimeOffset ReadExpiry(ApiKeyBody body, DateTimeOffset now, Findings findings)
    {
        var most = (int)ApiKeyRule.LifetimeMax.TotalDays;
        if (body is { ExpiresAt: not null, ExpiresInDays: not null })
        {
            findings.Add("/expiresInDays", "onlyOne", "Give expiresAt or expiresInDays, not both.");
        }

        if (body.ExpiresInDays is { } days)
        {
            if (days < 1 || days > most)
            {
                findings.Add("/expiresInDays", "outOfRange", $"expiresInDays is from 1 to {most}.", new JsonObject { ["min"] = 1, ["max"] = most });
                return now;
            }

            return now.AddDays(days);
        }

        if (body.ExpiresAt is not { } expiresAt)
        {
            return now + ApiKeyRule.LifetimeOtherwise;
        }

        if (expiresAt <= now || expiresAt > now + ApiKeyRule.LifetimeMax)
        {
            findings.Add("/expiresAt", "outOfRange", $"expiresAt lies in the future, at most {most} days from now.", new JsonObject { ["maxDays"] = most });
        }

        return expiresAt.ToUniversalTime();
    }
}
