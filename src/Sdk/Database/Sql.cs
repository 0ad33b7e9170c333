using System.Text.Json.Nodes;
using Npgsql;
using NpgsqlTypes;

namespace Slipway.Sdk.Database;

/// <summary>Explicit SQL with positional parameters: <c>tx.Command("select … where id = $1", id).OneAsync(Read, c)</c>.</summary>
public static class Sql
{
    public static NpgsqlCommand Command(this NpgsqlTransaction transaction, string sql, params ReadOnlySpan<object?> values) =>
        Fill(new NpgsqlCommand(sql, transaction.Connection, transaction), values);

    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params ReadOnlySpan<object?> values) =>
        Fill(new NpgsqlCommand(sql, connection), values);

    /// <summary>A document for a <c>jsonb</c> column.</summary>
    public static NpgsqlParameter Json(JsonNode? value) => Json(value?.ToJsonString());

    /// <summary>A document for a <c>jsonb</c> column, written already.</summary>
    public static NpgsqlParameter Json(string? text) => new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb };

    /// <summary>All rows. Ends the command.</summary>
    public static async Task<List<T>> ListAsync<T>(this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellation))
            {
                rows.Add(read(reader));
            }

            return rows;
        }
    }

    /// <summary>The first row, or the type's default when there is none. Ends the command.</summary>
    public static async Task<T?> OneAsync<T>(this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            return await reader.ReadAsync(cancellation) ? read(reader) : default;
        }
    }

    /// <summary>The number of rows it changed. Ends the command.</summary>
    public static async Task<int> ExecuteAsync(this NpgsqlCommand command, CancellationToken cancellation)
    {
        await using (command)
        {
            return await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    /// <summary>A column that may be null.</summary>
    public static string? TextOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <summary>A column that may be null.</summary>
    public static T? OrNull<T>(this NpgsqlDataReader reader, int column)
        where T : struct => reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);

    private static NpgsqlCommand Fill(NpgsqlCommand command, ReadOnlySpan<object?> values)
    {
        Fill(command.Parameters, values);
        return command;
    }

    internal static void Fill(NpgsqlParameterCollection parameters, ReadOnlySpan<object?> values)
    {
        foreach (var value in values)
        {
            parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = Wire(value) });
        }
    }

    /// <summary>The driver is strict where callers need not be: an instant is an instant in every offset, and a list is an array.</summary>
    private static object Wire(object? value) => value switch
    {
        null => DBNull.Value,
        DateTimeOffset instant => instant.ToUniversalTime(),
        string or byte[] or Array => value,
        IEnumerable<string> texts => texts.ToArray(),
        IEnumerable<Guid> ids => ids.ToArray(),
        IEnumerable<int> numbers => numbers.ToArray(),
        IEnumerable<long> numbers => numbers.ToArray(),
        _ => value,
    };
}
