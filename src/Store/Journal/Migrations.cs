using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Slipway.Model.Failures;

namespace Slipway.Store.Journal;

/// <param name="Name">Number and topic, for example <c>0001-resources</c>.</param>
internal sealed record Migration(int Number, string Name, string Sql)
{
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));
}

/// <summary>
/// Brings the schema up to date with plain, numbered SQL files. What has run is noted with its checksum; a file that was changed
/// afterwards, or a database that is ahead of this program, stops the start instead of being guessed at.
/// </summary>
internal static class Migrations
{
    private const long AdvisoryLock = 0x534C_4950_5741_5901;

    private const string Prefix = "Migrations/";

    public static IReadOnlyList<Migration> Own()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => Read(assembly, name)),
        ];
    }

    /// <summary>One transaction for all: the schema moves from one version to another or stays.</summary>
    public static async Task<Failure?> ApplyAsync(NpgsqlConnection connection, IReadOnlyList<Migration> migrations, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(connection, $"select pg_advisory_xact_lock({AdvisoryLock.ToString(CultureInfo.InvariantCulture)})", cancellation);
        await ExecuteAsync(
            connection,
            """
            create schema if not exists store;
            create table if not exists store.migrations (
                number int primary key, name text not null, checksum text not null, applied_at timestamptz not null default now());
            """,
            cancellation);
        var applied = await AppliedAsync(connection, cancellation);
        if (Objection(migrations, applied) is { } failure)
        {
            return failure;
        }

        foreach (var migration in migrations.Where(migration => !applied.ContainsKey(migration.Number)))
        {
            await ExecuteAsync(connection, migration.Sql, cancellation);
            await using var note = new NpgsqlCommand("insert into store.migrations (number, name, checksum) values ($1, $2, $3)", connection);
            note.Parameters.AddWithValue(migration.Number);
            note.Parameters.AddWithValue(migration.Name);
            note.Parameters.AddWithValue(migration.Checksum);
            await note.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return null;
    }

    private static Failure? Objection(IReadOnlyList<Migration> migrations, Dictionary<int, string> applied)
    {
        var ahead = applied.Keys.Where(number => migrations.All(migration => migration.Number != number)).ToList();
        if (ahead.Count > 0)
        {
            return new Failure(
                FailureKind.Unavailable,
                "database-ahead",
                $"The database was last used by a newer Slipway (schema version {ahead.Max()}, this one knows {migrations.Max(migration => migration.Number)}). Upgrade Slipway, or restore a backup from before the upgrade.");
        }

        var changed = migrations.FirstOrDefault(migration => applied.TryGetValue(migration.Number, out var checksum) && checksum != migration.Checksum);
        return changed is null
            ? null
            : new Failure(
                FailureKind.Unavailable,
                "database-migration-changed",
                $"The migration {changed.Name} differs from the one that was applied to this database. Use the Slipway that applied it, or one released after it.");
    }

    private static async Task<Dictionary<int, string>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var applied = new Dictionary<int, string>();
        await using var command = new NpgsqlCommand("select number, checksum from store.migrations", connection);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            applied[rows.GetInt32(0)] = rows.GetString(1);
        }

        return applied;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 60 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static Migration Read(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        var name = Path.GetFileNameWithoutExtension(resource[Prefix.Length..]);

        // A checkout with other line ends is the same migration.
        var sql = reader.ReadToEnd().ReplaceLineEndings("\n");
        return new Migration(int.Parse(name[..4], NumberStyles.None, CultureInfo.InvariantCulture), name, sql);
    }
}
