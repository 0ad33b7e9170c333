using System.Globalization;
using Npgsql;
using Slipway.Model.Failures;

namespace Slipway.Store.Journal;

/// <summary>
/// One writer per database, kept by a lock that belongs to the session: it is free as soon as its holder's connection is really
/// gone, and not a moment earlier, so whoever gets it also knows that no older transaction can still commit.
/// </summary>
internal static class WriterLock
{
    private const long AdvisoryLock = 0x534C_4950_5741_5902;

    private static readonly string s_key = AdvisoryLock.ToString(CultureInfo.InvariantCulture);

    public static async Task<bool> TryAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"select pg_try_advisory_lock({s_key})", connection) { CommandTimeout = 10 };
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    public static async Task<LockHolder?> HolderAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            select l.pid, coalesce(a.backend_start::text, ''), coalesce(host(a.client_addr), 'this machine')
            from pg_locks l left join pg_stat_activity a on a.pid = l.pid
            where l.locktype = 'advisory' and l.granted and l.objsubid = 1
              and ((l.classid::bigint << 32) | l.objid::bigint) = $1
              and l.database = (select oid from pg_database where datname = current_database())
            """,
            connection) { CommandTimeout = 10 };
        command.Parameters.AddWithValue(AdvisoryLock);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation) ? new LockHolder(rows.GetInt32(0), rows.GetString(1), rows.GetString(2)) : null;
    }

    /// <summary>Who we are to the server, to recognise our own session after the connection to it was lost.</summary>
    public static async Task<LockHolder> SelfAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select pid, coalesce(backend_start::text, ''), coalesce(host(client_addr), 'this machine') from pg_stat_activity where pid = pg_backend_pid()",
            connection) { CommandTimeout = 10 };
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        await rows.ReadAsync(cancellation);
        return new LockHolder(rows.GetInt32(0), rows.GetString(1), rows.GetString(2));
    }

    public static async Task EndAsync(NpgsqlConnection connection, LockHolder session, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select pg_terminate_backend(pid) from pg_stat_activity where pid = $1 and coalesce(backend_start::text, '') = $2",
            connection) { CommandTimeout = 10 };
        command.Parameters.AddWithValue(session.Pid);
        command.Parameters.AddWithValue(session.Started);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public static Failure Taken(LockHolder? holder) => new(
        FailureKind.Unavailable,
        "store-in-use",
        $"Another slipwayd writes to this database{(holder is null ? "" : $" (PostgreSQL session {holder.Pid}, from {holder.From})")}. Stop it first, or give this one a database of its own.");
}

internal sealed record LockHolder(int Pid, string Started, string From);
