using System.Globalization;
using System.IO.Compression;
using System.Text;
using Npgsql;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Databases;

/// <summary>
/// Puts a backup in the place of what a database holds. All of it is one transaction: whoever reads sees the old state or the restored
/// one, and a backup that cannot be read to its end changes nothing.
/// </summary>
internal static class BackupReader
{
    private const string Wait = "15s";

    /// <summary>What a restore would replace.</summary>
    public static async Task<long> TablesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select count(*) from pg_catalog.pg_tables where schemaname !~ '^pg_' and schemaname <> 'information_schema'", connection);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    public static async Task<BackupSummary> RestoreAsync(NpgsqlConnection connection, Stream file, CancellationToken cancellation)
    {
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await RunAsync(connection, $"SET LOCAL lock_timeout = '{Wait}'", cancellation);
            foreach (var setting in BackupFile.Settings)
            {
                await RunAsync(connection, setting.Replace("SET ", "SET LOCAL ", StringComparison.Ordinal), cancellation);
            }

            await ClearAsync(connection, cancellation);
            var summary = await ReadAsync(connection, file, cancellation);
            await transaction.CommitAsync(cancellation);
            return summary;
        }
        catch (PostgresException busy) when (busy.SqlState == "55P03")
        {
            throw new CliFailure($"the database is in use and could not be locked within {Wait}. Scale its services to zero for the moment, or restore with --as into a new one.");
        }
        catch (PostgresException refused)
        {
            throw new CliFailure($"the backup was not restored, and nothing was changed: {refused.MessageText}");
        }
        catch (InvalidDataException broken)
        {
            throw new CliFailure($"the file is no readable backup, and nothing was changed: {broken.Message}");
        }
    }

    private static async Task ClearAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        foreach (var query in new[]
        {
            "select format('DROP EXTENSION IF EXISTS %I CASCADE', extname) from pg_catalog.pg_extension where extname <> 'plpgsql'",
            "select format('DROP SCHEMA IF EXISTS %I CASCADE', nspname) from pg_catalog.pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'",
        })
        {
            var statements = new List<string>();
#pragma warning disable CA2100 // Constants.
            await using (var command = new NpgsqlCommand(query, connection))
#pragma warning restore CA2100
            {
                await using var reader = await command.ExecuteReaderAsync(cancellation);
                while (await reader.ReadAsync(cancellation))
                {
                    statements.Add(reader.GetString(0));
                }
            }

            foreach (var statement in statements)
            {
                await RunAsync(connection, statement, cancellation);
            }
        }
    }

    private static async Task<BackupSummary> ReadAsync(NpgsqlConnection connection, Stream file, CancellationToken cancellation)
    {
        await using var packed = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        using var text = new StreamReader(packed, new UTF8Encoding(false, throwOnInvalidBytes: true));
        if (await text.ReadLineAsync(cancellation) != BackupFile.Begin)
        {
            throw new InvalidDataException("it does not begin as a backup of this version does.");
        }

        var (tables, rows) = (0, 0L);
        var statement = new StringBuilder();
        while (await text.ReadLineAsync(cancellation) is { } line)
        {
            if (!line.StartsWith(BackupFile.Mark, StringComparison.Ordinal))
            {
                statement.Append(line).Append('\n');
                continue;
            }

            await FlushAsync(connection, statement, cancellation);
            if (line == BackupFile.Data)
            {
                rows += await DataAsync(connection, text, cancellation);
                tables++;
            }
            else if (line.StartsWith(BackupFile.End, StringComparison.Ordinal))
            {
                return line == string.Create(CultureInfo.InvariantCulture, $"{BackupFile.End}{tables} tables, {rows} rows")
                    ? new BackupSummary(tables, rows)
                    : throw new InvalidDataException($"it holds {tables} tables with {rows} rows, but says: {line[BackupFile.End.Length..]}.");
            }
        }

        throw new InvalidDataException("it is cut short.");
    }

    private static async Task FlushAsync(NpgsqlConnection connection, StringBuilder statement, CancellationToken cancellation)
    {
        if (statement.Length > 0)
        {
            var sql = statement.ToString();
            statement.Clear();
            await RunAsync(connection, sql, cancellation);
        }
    }

    private static async Task<long> DataAsync(NpgsqlConnection connection, StreamReader text, CancellationToken cancellation)
    {
        var copy = await text.ReadLineAsync(cancellation);
        if (copy is null || !copy.StartsWith("COPY ", StringComparison.Ordinal) || !copy.EndsWith(" FROM stdin;", StringComparison.Ordinal))
        {
            throw new InvalidDataException("the data of a table does not begin as it should.");
        }

        var rows = 0L;
        await using var writer = await connection.BeginTextImportAsync(copy[..^1], cancellation);
        while (await text.ReadLineAsync(cancellation) is { } row)
        {
            if (row == BackupFile.EndOfRows)
            {
                return rows;
            }

            rows++;
            await writer.WriteAsync(row.AsMemory(), cancellation);
            await writer.WriteAsync("\n".AsMemory(), cancellation);
        }

        throw new InvalidDataException("it is cut short.");
    }

    private static async Task RunAsync(NpgsqlConnection connection, string statement, CancellationToken cancellation)
    {
#pragma warning disable CA2100 // A restore runs what the backup says; whoever has the database's password may run anything there.
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
