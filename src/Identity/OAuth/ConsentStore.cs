using Npgsql;
using Slipway.Sdk.Database;

namespace Slipway.Identity.OAuth;

/// <summary>What somebody let a third party's program do, as scopes that only grow until they are taken back.</summary>
internal static class ConsentStore
{
    public static async Task<IReadOnlyList<string>> OfAsync(NpgsqlConnection connection, Guid userId, string clientId, CancellationToken cancellation) =>
        await connection.Command("select scopes from oauth_consents where user_id = $1 and client_id = $2", userId, clientId)
            .OneAsync(row => row.GetFieldValue<string[]>(0), cancellation) ?? [];

    public static Task GrantAsync(NpgsqlTransaction tx, Guid userId, string clientId, IReadOnlyList<string> scopes, DateTimeOffset now, CancellationToken cancellation) => tx.Command(
        """
        insert into oauth_consents (user_id, client_id, scopes, granted_at) values ($1, $2, $3, $4)
        on conflict (user_id, client_id) do update
        set scopes = (select array_agg(distinct scope order by scope) from unnest(oauth_consents.scopes || $3) as scope), granted_at = $4
        """, userId, clientId, scopes.ToArray(), now).ExecuteAsync(cancellation);

    public static bool Covers(IReadOnlyList<string> granted, IReadOnlyList<string> asked) =>
        asked.All(scope => ScopeSet.Covers(granted, scope));
}
