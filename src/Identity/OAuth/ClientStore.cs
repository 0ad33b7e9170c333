using Npgsql;
using Slipway.Sdk.Database;

namespace Slipway.Identity.OAuth;

internal static class ClientStore
{
    private const string Columns = "id, name, confidential, first_party, active, redirect_uris, sign_out_uris, scopes, grants, secret_hash, owner_id";

    public static Task<Client?> FindAsync(NpgsqlConnection connection, string id, CancellationToken cancellation) =>
        connection.Command($"select {Columns} from clients where id = $1", id).OneAsync(Read, cancellation);

    public static Task<List<Client>> AllAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        connection.Command($"select {Columns} from clients order by id limit 500").ListAsync(Read, cancellation);

    /// <summary>Writes what the installation brings along; whether it is active stays as an administrator set it.</summary>
    public static Task WriteAsync(NpgsqlTransaction tx, Client client, DateTimeOffset now, CancellationToken cancellation) => tx.Command(
        """
        insert into clients (id, name, confidential, first_party, active, redirect_uris, sign_out_uris, scopes, grants, secret_hash, owner_id, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
        on conflict (id) do update set name = $2, confidential = $3, first_party = $4, redirect_uris = $6, sign_out_uris = $7,
            scopes = $8, grants = $9, secret_hash = $10, updated_at = $12
        """,
        client.Id, client.Name, client.Confidential, client.FirstParty, client.Active, client.RedirectUris.ToArray(), client.SignOutUris.ToArray(),
        client.Scopes.ToArray(), client.Grants.ToArray(), client.SecretHash, client.OwnerId, now).ExecuteAsync(cancellation);

    /// <summary>Adds a client; false when the id is taken.</summary>
    public static async Task<bool> AddAsync(NpgsqlTransaction tx, Client client, DateTimeOffset now, CancellationToken cancellation) => await tx.Command(
        """
        insert into clients (id, name, confidential, first_party, active, redirect_uris, sign_out_uris, scopes, grants, secret_hash, owner_id, created_at, updated_at)
        values ($1, $2, $3, false, true, $4, $5, $6, $7, $8, $9, $10, $10) on conflict (id) do nothing
        """,
        client.Id, client.Name, client.Confidential, client.RedirectUris.ToArray(), client.SignOutUris.ToArray(),
        client.Scopes.ToArray(), client.Grants.ToArray(), client.SecretHash, client.OwnerId, now).ExecuteAsync(cancellation) == 1;

    private static Client Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        Name = row.GetString(1),
        Confidential = row.GetBoolean(2),
        FirstParty = row.GetBoolean(3),
        Active = row.GetBoolean(4),
        RedirectUris = row.GetFieldValue<string[]>(5),
        SignOutUris = row.GetFieldValue<string[]>(6),
        Scopes = row.GetFieldValue<string[]>(7),
        Grants = row.GetFieldValue<string[]>(8),
        SecretHash = row.IsDBNull(9) ? null : row.GetFieldValue<byte[]>(9),
        OwnerId = row.IsDBNull(10) ? null : row.GetGuid(10),
    };
}
