using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Slipway.Sdk.Database;

/// <summary>
/// Brings a database to the state a program expects: the kit's own tables in the schema <c>slipway</c> first, then the
/// program's <c>Migrations/NNNN_name.sql</c>. Runners wait for each other, so any number may start at once.
/// </summary>
public sealed partial class Migrations
{
    /// <summary>Any constant will do as long as every runner uses the same one.</summary>
    private const long Lock = 0x51_1B_3A_7E_5C_4E_0D_01;

    private static readonly TimeSpan s_lockPatience = TimeSpan.FromMinutes(10);

    private readonly Database _database;
    private readonly MigrationSeries[] _series;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public Migrations(Database database, Assembly program, TimeProvider time, ILogger<Migrations> logger)
        : this(database, MigrationScript.In(program), time, logger)
    {
    }

    internal Migrations(Database database, IReadOnlyList<MigrationScript> scripts, TimeProvider time, ILogger logger)
    {
        (_database, _time, _logger) = (database, time, logger);
        _series =
        [
            new MigrationSeries("slipway.schema_migrations", MigrationScript.In(typeof(Migrations).Assembly, "Schema")),
            new MigrationSeries("schema_migrations", scripts),
        ];
    }

    /// <summary>What keeps the service from working, or null when the database is as it should be.</summary>
    public async Task<string?> MissingAsync(CancellationToken cancellation)
    {
        // A cold start pays for every connection; this one is then there for the first call.
        await using var connection = await _database.Calls.OpenConnectionAsync(cancellation);
        foreach (var series in _series)
        {
            var plan = MigrationPlan.Of(series.Scripts, await AppliedAsync(connection, series, cancellation));
            if (plan.Refusal is not null)
            {
                return plan.Refusal;
            }

            if (plan.Pending is [var next, ..])
            {
                return $"waiting for migration {next.Version:0000}";
            }
        }

        return null;
    }

    /// <summary>Applies what is missing and says how many scripts that were.</summary>
    /// <exception cref="MigrationException">A script was changed, or failed; what ran before it stays.</exception>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        await using var connection = await _database.Single.OpenConnectionAsync(cancellation);
        await LockAsync(connection, cancellation);
        var count = 0;
        foreach (var series in _series)
        {
            count += await RunAsync(connection, series, cancellation);
        }

        return count;
    }

    private async Task<int> RunAsync(NpgsqlConnection connection, MigrationSeries series, CancellationToken cancellation)
    {
        await PrepareAsync(connection, series, cancellation);
        var plan = MigrationPlan.Of(series.Scripts, await AppliedAsync(connection, series, cancellation));
        if (plan.Refusal is not null)
        {
            throw new MigrationException(plan.Refusal, null);
        }

        foreach (var newer in plan.Newer)
        {
            LogNewer(_logger, newer);
        }

        foreach (var script in plan.Pending)
        {
            var started = _time.GetTimestamp();
            if (script.InTransaction)
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellation);
                await RunStatementsAsync(connection, script, cancellation);
                await RecordAsync(connection, series, script, started, cancellation);
                await transaction.CommitAsync(cancellation);
            }
            else
            {
                await RunOutsideTransactionAsync(connection, script, cancellation);
                await RecordAsync(connection, series, script, started, cancellation);
            }

            var took = _time.GetElapsedTime(started);
            LogApplied(_logger, script.Id, took.TotalMilliseconds);
        }

        return plan.Pending.Count;
    }

    /// <summary>
    /// A session lock, so that the death of a runner frees it. Asked for again and again instead of waited for: a waiting
    /// statement would itself be what <c>create index concurrently</c> of the other runner waits for.
    /// </summary>
    private async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var started = _time.GetTimestamp();
        while (true)
        {
            if (await connection.Command("select pg_try_advisory_lock($1)", Lock).OneAsync(row => row.GetBoolean(0), cancellation))
            {
                return;
            }

            if (_time.GetElapsedTime(started) > s_lockPatience)
            {
                throw new MigrationException($"Another runner holds the migration lock for {s_lockPatience.TotalMinutes:0} minutes. Look for a hanging migration in pg_stat_activity.", null);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), _time, cancellation);
        }
    }

    private static async Task PrepareAsync(NpgsqlConnection connection, MigrationSeries series, CancellationToken cancellation)
    {
        if (series.Schema is { } schema)
        {
            await connection.Command($"create schema if not exists {schema}").ExecuteAsync(cancellation);
        }

        await connection.Command(
            $"""
            create table if not exists {series.Table} (
                version int primary key,
                name text not null,
                checksum text not null,
                applied_at timestamptz not null default now(),
                ms int not null)
            """).ExecuteAsync(cancellation);
    }

    private static async Task<List<AppliedMigration>> AppliedAsync(NpgsqlConnection connection, MigrationSeries series, CancellationToken cancellation)
    {
        var exists = await connection.Command("select to_regclass($1) is not null", series.Table).OneAsync(row => row.GetBoolean(0), cancellation);
        return exists
            ? await connection.Command($"select version, name, checksum from {series.Table} order by version")
                .ListAsync(row => new AppliedMigration(row.GetInt32(0), row.GetString(1), row.GetString(2)), cancellation)
            : [];
    }

    private static async Task RunStatementsAsync(NpgsqlConnection connection, MigrationScript script, CancellationToken cancellation)
    {
        foreach (var statement in SqlStatements.Split(script.Sql))
        {
            await RunAsync(connection, script, statement, cancellation);
        }
    }

    /// <summary>
    /// Such a script may have stopped half-way. An index it was building is there but not usable then: it is dropped and built
    /// again. One that was finished is left. Other statements of such a script must be written so that they can be repeated.
    /// </summary>
    private async Task RunOutsideTransactionAsync(NpgsqlConnection connection, MigrationScript script, CancellationToken cancellation)
    {
        foreach (var statement in SqlStatements.Split(script.Sql))
        {
            if (SqlStatements.ConcurrentIndex(statement.Text) is { } index)
            {
                var valid = await connection.Command("select indisvalid from pg_index where indexrelid = to_regclass($1)", index)
                    .OneAsync(row => (bool?)row.GetBoolean(0), cancellation);
                if (valid is true)
                {
                    continue;
                }

                if (valid is false)
                {
                    LogInvalidIndex(_logger, index, script.Id);
                    await RunAsync(connection, script, new SqlStatement($"drop index concurrently {index}", statement.Line), cancellation);
                }
            }

            await RunAsync(connection, script, statement, cancellation);
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, MigrationScript script, SqlStatement statement, CancellationToken cancellation)
    {
        try
        {
            await using var command = new NpgsqlCommand(statement.Text, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException exception)
        {
            var line = statement.Line + (exception.Position > 0 ? statement.Text.AsSpan(0, Math.Min(exception.Position - 1, statement.Text.Length)).Count('\n') : 0);
            throw new MigrationException(
                string.Create(CultureInfo.InvariantCulture, $"The migration {script.Id} failed in line {line}: {exception.MessageText} ({exception.SqlState})"), exception);
        }
    }

    private async Task RecordAsync(NpgsqlConnection connection, MigrationSeries series, MigrationScript script, long started, CancellationToken cancellation) =>
        await connection.Command(
            $"insert into {series.Table} (version, name, checksum, ms) values ($1, $2, $3, $4)",
            script.Version, script.Name, script.Checksum, (int)_time.GetElapsedTime(started).TotalMilliseconds).ExecuteAsync(cancellation);

    private sealed record MigrationSeries(string Table, IReadOnlyList<MigrationScript> Scripts)
    {
        public string? Schema => Table.Split('.') is [var schema, _] ? schema : null;
    }

    [LoggerMessage(EventId = 8111, Level = LogLevel.Information, Message = "Migration {Migration} applied in {Ms} ms")]
    private static partial void LogApplied(ILogger logger, string migration, double ms);

    [LoggerMessage(EventId = 8112, Level = LogLevel.Information, Message = "The database has migration {Migration}, which this version of the program does not know")]
    private static partial void LogNewer(ILogger logger, string migration);

    [LoggerMessage(EventId = 8113, Level = LogLevel.Warning, Message = "The index {Index} was left half-built by an earlier run of {Migration}; it is built again")]
    private static partial void LogInvalidIndex(ILogger logger, string index, string migration);
}

/// <summary>A migration that cannot go on. The message names the script and what to do.</summary>
public sealed class MigrationException(string message, Exception? cause) : Exception(message, cause);
