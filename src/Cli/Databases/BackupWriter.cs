using System.Data;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Npgsql;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Databases;

/// <summary>Writes a database as it was at one moment, while its services go on working.</summary>
internal static class BackupWriter
{
    private const int BufferCharacters = 64 * 1024;

    public static async Task<BackupSummary> WriteAsync(NpgsqlConnection connection, Stream file, CancellationToken cancellation)
    {
        // One snapshot for everything: what is changed meanwhile is not in it.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        await RunAsync(connection, "SET TRANSACTION READ ONLY", cancellation);

        // Policies that keep tenants apart let a backup pass by this; one that does not is refused, since it would hide rows quietly.
        await RunAsync(connection, "SET LOCAL slipway.backup = 'on'", cancellation);
        foreach (var setting in BackupFile.Settings)
        {
            await RunAsync(connection, setting.Replace("SET ", "SET LOCAL ", StringComparison.Ordinal), cancellation);
        }

        var script = await SchemaScript.ReadAsync(connection, cancellation);
        await using var packed = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true);
        await using var text = new StreamWriter(packed, new UTF8Encoding(false), BufferCharacters, leaveOpen: true) { NewLine = "\n" };
        await text.WriteLineAsync(BackupFile.Begin);
        foreach (var setting in BackupFile.Settings)
        {
            await text.WriteLineAsync(setting + ";");
        }

        await StatementsAsync(text, script.Before);
        var rows = 0L;
        foreach (var table in script.Tables)
        {
            rows += await DataAsync(connection, text, table, cancellation);
        }

        await StatementsAsync(text, script.After);
        await text.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{BackupFile.End}{script.Tables.Count} tables, {rows} rows"));
        await text.FlushAsync(cancellation);
        return new BackupSummary(script.Tables.Count, rows);
    }

    private static async Task StatementsAsync(StreamWriter text, IReadOnlyList<string> statements)
    {
        foreach (var statement in statements)
        {
            if (statement.Contains("\n" + BackupFile.Mark, StringComparison.Ordinal))
            {
                throw new CliFailure($"a definition in this database has a line that begins with \"{BackupFile.Mark}\", which divides the parts of a backup. Change that comment.");
            }

            await text.WriteLineAsync(BackupFile.Statement);
            await text.WriteAsync(statement.Replace("\r\n", "\n", StringComparison.Ordinal));
            await text.WriteLineAsync(";");
        }
    }

    private static async Task<long> DataAsync(NpgsqlConnection connection, StreamWriter text, TableData table, CancellationToken cancellation)
    {
        await text.WriteLineAsync(BackupFile.Data);
        await text.WriteLineAsync(table.CopyIn);
        var rows = 0L;
        using (var reader = await connection.BeginTextExportAsync(table.CopyOut, cancellation))
        {
            // The server writes one line per row; line breaks within values are escaped.
            var buffer = new char[BufferCharacters];
            int read;
            while ((read = await reader.ReadAsync(buffer.AsMemory(), cancellation)) > 0)
            {
                rows += buffer.AsSpan(0, read).Count('\n');
                await text.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }
        }

        await text.WriteLineAsync(BackupFile.EndOfRows);
        return rows;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string statement, CancellationToken cancellation)
    {
#pragma warning disable CA2100 // Constants.
        await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
