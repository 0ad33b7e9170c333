using System.Collections.Concurrent;
using System.Text.Json;
using Npgsql;

namespace Slipway.Eventing.Schemas;

/// <summary>What the data of event types looks like. Kept in the database, answered from memory. At most 2,000 types.</summary>
internal sealed class SchemaRegistry(NpgsqlDataSource database, TimeProvider time)
{
    public const int TypesMax = 2_000;

    private readonly ConcurrentDictionary<string, JsonSchema> _schemas = new(StringComparer.Ordinal);

    public IEnumerable<JsonSchema> All => _schemas.Values.OrderBy(schema => schema.Type, StringComparer.Ordinal);

    public JsonSchema? Find(string type) => _schemas.GetValueOrDefault(type);

    public async Task LoadAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select type, document, changed_at from eventing.schemas");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            using var document = JsonDocument.Parse(reader.GetString(1));
            _schemas[reader.GetString(0)] = new JsonSchema(reader.GetString(0), document.RootElement.Clone(), reader.GetFieldValue<DateTimeOffset>(2));
        }
    }

    public async Task StoreAsync(string type, JsonElement document, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var command = database.CreateCommand(
            "insert into eventing.schemas (type, document, changed_at) values ($1, $2, $3) on conflict (type) do update set document = $2, changed_at = $3");
        command.Parameters.Add(new() { Value = type });
        command.Parameters.Add(new() { Value = document.GetRawText() });
        command.Parameters.Add(new() { Value = now.UtcDateTime });
        await command.ExecuteNonQueryAsync(cancellation);
        _schemas[type] = new JsonSchema(type, document.Clone(), now);
    }
}
