using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using Slipway.Model.Failures;

namespace Slipway.Store.Journal;

/// <summary>One connection that holds the writer's lock. It is thrown away at the first sign of trouble.</summary>
internal sealed class JournalSession : IAsyncDisposable
{
    private const int CommitTimeoutSeconds = 10;

    private static readonly TimeSpan s_lockPause = TimeSpan.FromMilliseconds(50);

    private JournalSession(NpgsqlConnection connection, LockHolder self, Memory remembered)
    {
        Connection = connection;
        Self = self;
        Remembered = remembered;
    }

    public NpgsqlConnection Connection { get; }

    public LockHolder Self { get; }

    /// <summary>The driver answers with errors of many kinds once the connection is gone.</summary>
    public bool IsBroken => Connection.State != System.Data.ConnectionState.Open;

    public Memory Remembered { get; }

    /// <summary>
    /// Connects and takes the lock. A session of our own that the server has not noticed to be dead is ended; anybody else's is
    /// waited for until <paramref name="lockWait"/> is over, since a killed slipwayd needs a moment to disappear.
    /// </summary>
    public static async Task<Outcome<JournalSession>> OpenAsync(
        NpgsqlDataSource unpooled, Memory memory, TimeSpan lockWait, TimeProvider time, CancellationToken cancellation)
    {
        var connection = await unpooled.OpenConnectionAsync(cancellation);
        try
        {
            var self = await WriterLock.SelfAsync(connection, cancellation);
            var begun = time.GetTimestamp();
            while (!await WriterLock.TryAsync(connection, cancellation))
            {
                var holder = await WriterLock.HolderAsync(connection, cancellation);
                if (holder is not null && memory.Knows(holder))
                {
                    await WriterLock.EndAsync(connection, holder, cancellation);
                }
                else if (time.GetElapsedTime(begun) >= lockWait)
                {
                    await connection.DisposeAsync();
                    return WriterLock.Taken(holder);
                }

                await Task.Delay(s_lockPause, time, cancellation);
            }

            // A server may be set up to acknowledge before it has written; this session must not.
            await using var durable = new NpgsqlCommand("set synchronous_commit = on", connection) { CommandTimeout = 10 };
            await durable.ExecuteNonQueryAsync(cancellation);
            return new JournalSession(connection, self, memory.With(self));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The last version and the batch that made it.</summary>
    public async Task<(long Version, Guid Batch)> CounterAsync(CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select version, batch from store.counter", Connection) { CommandTimeout = 10 };
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        await rows.ReadAsync(cancellation);
        return (rows.GetInt64(0), rows.GetGuid(1));
    }

    /// <summary>All statements travel together and form one implicit transaction: it is committed when this returns.</summary>
    public async Task CommitAsync(JournalBatch batch, ResourceRows rows, CancellationToken cancellation)
    {
        await using var transaction = new NpgsqlBatch(Connection) { Timeout = CommitTimeoutSeconds };
        transaction.BatchCommands.Add(new NpgsqlBatchCommand("select store.advance($1, $2, $3)")
        {
            Parameters =
            {
                new NpgsqlParameter<long> { TypedValue = batch.VersionBefore, NpgsqlDbType = NpgsqlDbType.Bigint },
                new NpgsqlParameter<long> { TypedValue = batch.VersionAfter, NpgsqlDbType = NpgsqlDbType.Bigint },
                new NpgsqlParameter<Guid> { TypedValue = batch.Id, NpgsqlDbType = NpgsqlDbType.Uuid },
            },
        });
        foreach (var command in rows.Commands(batch.Entries))
        {
            transaction.BatchCommands.Add(command);
        }

        await transaction.ExecuteNonQueryAsync(cancellation);
    }

    public async ValueTask DisposeAsync() => await Connection.DisposeAsync();

    /// <summary>Our latest sessions, to tell a ghost of our own from another slipwayd.</summary>
    public sealed class Memory
    {
        private const int SessionsMax = 32;

        public static readonly Memory Empty = new([]);

        private readonly ImmutableArray<LockHolder> _sessions;

        private Memory(ImmutableArray<LockHolder> sessions) => _sessions = sessions;

        public bool Knows(LockHolder holder) =>
            _sessions.Any(session => session.Pid == holder.Pid && session.Started == holder.Started);

        public Memory With(LockHolder session) => new([.. _sessions.TakeLast(SessionsMax - 1), session]);
    }
}
