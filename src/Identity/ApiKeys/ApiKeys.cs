using Slipway.Identity.Accounts;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.ApiKeys;

/// <summary>Opens doors for keys: the one place that decides, for this service itself and for all others.</summary>
internal sealed class ApiKeys(Database database, AccountStore accounts, string environment, TimeProvider time) : IApiKeyCheck
{
    public static readonly Problem Invalid = Problem.Unauthenticated("The API key is unknown, expired or revoked.") with { Code = "invalidApiKey" };

    public string Environment => environment;

    public async ValueTask<Outcome<Caller>> CheckAsync(string key, CancellationToken cancellation) =>
        (await FindAsync(key, cancellation)).Is(out var found, out var problem)
            ? new Caller
            {
                Subject = found.Account.Id.ToString(),
                UserId = found.Account.Id,
                Kind = CallerKind.ApiKey,
                Email = found.Account.EmailTyped,
                EmailVerified = found.Account.EmailVerified,
                Name = found.Account.Name,
                Scopes = found.Key.Scopes.ToHashSet(StringComparer.Ordinal),
                ClientId = ClientId(found.Key),
            }
            : problem;

    public async Task<Outcome<FoundKey>> FindAsync(string? key, CancellationToken cancellation)
    {
        if (ApiKeyText.Read(key) is not { } shown)
        {
            return Invalid;
        }

        var now = time.GetUtcNow();
        var kept = await database.ReadAsync((connection, c) => ApiKeyStore.FindAsync(connection, shown.Id, c), cancellation);
        if (kept is null || !ApiKeyRule.Opens(kept, shown, environment, now)
            || await accounts.FindAsync(kept.UserId, cancellation) is not { IsActive: true } account)
        {
            return Invalid;
        }

        if (ApiKeyRule.IsUseWorthWriting(kept, now))
        {
            await database.WriteAsync((tx, c) => ApiKeyStore.UsedAsync(tx, kept.Id, now, c), cancellation);
        }

        return new FoundKey(kept, account);
    }

    public static string ClientId(ApiKey key) => $"api-key:{key.Id}";
}

internal sealed record FoundKey(ApiKey Key, Account Account);
