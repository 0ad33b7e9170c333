using System.Text;
using Npgsql;

namespace Slipway.Events.Bench;

/// <summary>The peer: the same rows put into a bare table by COPY, one commit a batch, by the same number of writers. No HTTP, no parsing, no memory of ids.</summary>
internal static class CopyLoop
{
    private static readonly byte[] s_attributes = Encoding.UTF8.GetBytes(new string('a', 260));
    private static readonly byte[] s_data = Encoding.UTF8.GetBytes(new string('d', 120));

    public static async Task PrepareAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(
            "create table if not exists plain (topic int, partition int, place bigint, at timestamptz, key text, attributes bytea, data bytea, primary key (topic, partition, place))");
        await command.ExecuteNonQueryAsync();
    }

    public static async Task SendAsync(NpgsqlDataSource database, int writer, long from, int rows)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var copy = await connection.BeginBinaryImportAsync("copy plain (topic, partition, place, at, key, attributes, data) from stdin (format binary)");
        for (var row = 0; row < rows; row++)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(1);
            await copy.WriteAsync(writer);
            await copy.WriteAsync(from + row);
            await copy.WriteAsync(TimeProvider.System.GetUtcNow().UtcDateTime);
            await copy.WriteAsync($"order-{row % 997}");
            await copy.WriteAsync(s_attributes);
            await copy.WriteAsync(s_data);
        }

        await copy.CompleteAsync();
    }
}
