using System.Security.Cryptography;
using Npgsql;
using Slipway.Sdk.Database;

namespace Titanic.Api.Changes;

/// <summary>Keys that personal values are sealed with in the audit trail, one for each person, destroyed with the person's record.</summary>
internal static class PersonKeys
{
    private const int KeyBytes = 32;

    /// <summary>The keys of these people; those who have none yet get one.</summary>
    public static async Task<IReadOnlyDictionary<Guid, byte[]>> TakeAsync(NpgsqlTransaction transaction, IReadOnlyCollection<Guid> people, CancellationToken cancellation)
    {
        var (ids, fresh) = (people.Distinct().Order().ToArray(), new List<byte[]>());
        foreach (var _ in ids)
        {
            fresh.Add(RandomNumberGenerator.GetBytes(KeyBytes));
        }

        var keys = await transaction.Command(
            """
            insert into person_keys (uuid, key) select * from unnest($1::uuid[], $2::bytea[])
            on conflict (uuid) do update set key = person_keys.key returning uuid, key
            """,
            ids, fresh.ToArray()).ListAsync(row => (Id: row.GetGuid(0), Key: row.GetFieldValue<byte[]>(1)), cancellation);
        return keys.ToDictionary(pair => pair.Id, pair => pair.Key);
    }

    public const string Find = "select key from person_keys where uuid = $1";

    public const string FindMany = "select uuid, key from person_keys where uuid = any($1)";

    public static Task<int> DestroyAsync(NpgsqlTransaction transaction, Guid[] people, CancellationToken cancellation) =>
        transaction.Command("delete from person_keys where uuid = any($1)", people).ExecuteAsync(cancellation);
}
