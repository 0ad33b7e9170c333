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

    public static Task<List<Program>> ProgramsAsync(NpgsqlConnection connection, Guid userId, CancellationToken cancellation) => connection.Command(
        """
        select clients.id, clients.name, oauth_consents.scopes, oauth_consents.granted_at
        from oauth_consents join clients on clients.id = oauth_consents.client_id
        where oauth_consents.user_id = $1 order by clients.name, clients.id limit 500
        """, userId)
        .ListAsync(row => new Program(row.GetString(0), row.GetString(1), row.GetFieldValue<string[]>(2), row.GetFieldValue<DateTimeOffset>(3)), cancellation);

    /// <summary>Takes back what a program was allowed and ends what it got. False when it was allowed nothing.</summary>
    public static async Task<bool> WithdrawAsync(NpgsqlTransaction tx, Guid userId, string clientId, DateTimeOffset now, CancellationToken cancellation)
    {
        var withdrawn = await tx.Command("delete from oauth_consents where user_id = $1 and client_id = $2", userId, clientId).ExecuteAsync(cancellation);
        var ended = await tx.Command(
            """
            update sessions set revoked_at = $3, revoked_reason = 'consentWithdrawn'
            where user_id = $1 and client_id = $2 and kind = 'grant' and revoked_at is null
            """, userId, clientId, now).ExecuteAsync(cancellation);
        await tx.Command("delete from authorization_codes where user_id = $1 and client_id = $2 and used_at is null", userId, clientId).ExecuteAsync(cancellation);
        return withdrawn + ended > 0;
    }

    public static bool Covers(IReadOnlyList<string> granted, IReadOnlyList<string> asked) =>
        asked.All(scope => ScopeSet.Covers(granted, scope));
}
