using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Slipway.Model;
using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Store.Journal;

/// <summary>Between resources and rows of <c>store.resources</c>. A whole batch is two statements, however large it is.</summary>
internal sealed class ResourceRows(Sealing sealing)
{
    private const string Upsert =
        """
        insert into store.resources (api_group, api_version, kind, namespace, name, uid, version, metadata, body, sealed)
        select api_group, api_version, kind, namespace, name, uid, version, metadata::json, body::json, sealed
        from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            as given (api_group, api_version, kind, namespace, name, uid, version, metadata, body, sealed)
        on conflict (api_group, api_version, kind, namespace, name) do update
            set uid = excluded.uid, version = excluded.version, metadata = excluded.metadata, body = excluded.body, sealed = excluded.sealed
        """;

    private const string Delete =
        """
        delete from store.resources kept using unnest($1, $2, $3, $4, $5) as given (api_group, api_version, kind, namespace, name)
        where kept.api_group = given.api_group and kept.api_version = given.api_version and kept.kind = given.kind
          and kept.namespace = given.namespace and kept.name = given.name
        """;

    private const string Select =
        "select api_group, api_version, kind, metadata, body, sealed from store.resources";

    public IEnumerable<NpgsqlBatchCommand> Commands(IReadOnlyList<JournalEntry> entries)
    {
        var removed = entries.Where(entry => entry.Removed).Select(entry => entry.Resource).ToList();
        if (removed.Count > 0)
        {
            var command = new NpgsqlBatchCommand(Delete);
            AddKeys(command, removed);
            yield return command;
        }

        var kept = entries.Where(entry => !entry.Removed).Select(entry => entry.Resource).ToList();
        if (kept.Count > 0)
        {
            var rows = kept.ConvertAll(RowOf);
            var command = new NpgsqlBatchCommand(Upsert);
            AddKeys(command, kept);
            Add(command, kept.Select(resource => Guid.Parse(resource.Uid)).ToArray(), NpgsqlDbType.Uuid);
            Add(command, kept.Select(resource => resource.Version).ToArray(), NpgsqlDbType.Bigint);
            Add(command, rows.Select(row => JsonSerializer.Serialize(row.Metadata, ModelJson.Default.ObjectMeta)).ToArray(), NpgsqlDbType.Text);
            Add(command, rows.Select(row => Encoding.UTF8.GetString(row.Body.Span)).ToArray(), NpgsqlDbType.Text);
            Add(command, rows.Select(row => row.Sealed.Length == 0 ? null : row.Sealed).ToArray(), NpgsqlDbType.Bytea);
            yield return command;
        }
    }

    public async Task<Outcome<List<Resource>>> LoadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var resources = new List<Resource>();
        await using var command = new NpgsqlCommand(Select, connection) { CommandTimeout = 120 };
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var (group, version, kindName) = (rows.GetString(0), rows.GetString(1), rows.GetString(2));
            var apiVersion = group.Length == 0 ? version : $"{group}/{version}";
            if (Kinds.Find(apiVersion, kindName) is not { } kind)
            {
                return new Failure(
                    FailureKind.Unavailable,
                    "database-unknown-kind",
                    $"The database holds objects of {apiVersion} {kindName}, which this Slipway does not know. Use the Slipway that wrote them, or a newer one.");
            }

            var metadata = JsonSerializer.Deserialize(rows.GetFieldValue<byte[]>(3), ModelJson.Default.ObjectMeta)!;
            var row = new SealedRow(metadata, rows.GetFieldValue<byte[]>(4), await rows.IsDBNullAsync(5, cancellation) ? [] : rows.GetFieldValue<byte[]>(5));
            try
            {
                resources.Add(row.Sealed.Length == 0 ? new Resource(kind, row.Metadata, row.Body) : sealing.Open(kind, row));
            }
            catch (CryptographicException exception)
            {
                return new Failure(
                    FailureKind.Unavailable,
                    "secret-not-readable",
                    $"secret \"{metadata.Namespace}/{metadata.Name}\" cannot be decrypted: {exception.Message}. Put the key file back that was in the state folder when it was written.");
            }
        }

        return resources;
    }

    private SealedRow RowOf(Resource resource) =>
        Sealing.Concerns(resource.Kind) ? sealing.Seal(resource) : new SealedRow(resource.Metadata, resource.Body, []);

    private static void AddKeys(NpgsqlBatchCommand command, List<Resource> resources)
    {
        Add(command, resources.Select(resource => resource.Kind.Group).ToArray(), NpgsqlDbType.Text);
        Add(command, resources.Select(resource => resource.Kind.Version).ToArray(), NpgsqlDbType.Text);
        Add(command, resources.Select(resource => resource.Kind.Kind).ToArray(), NpgsqlDbType.Text);
        Add(command, resources.Select(resource => resource.Namespace).ToArray(), NpgsqlDbType.Text);
        Add(command, resources.Select(resource => resource.Name).ToArray(), NpgsqlDbType.Text);
    }

    private static void Add<T>(NpgsqlBatchCommand command, T[] values, NpgsqlDbType type) =>
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type });
}
