using Microsoft.Extensions.Logging;
using Npgsql;
using Slipway.Model.Failures;

namespace Slipway.Store.Journal;

/// <summary>
/// The journal in PostgreSQL: one connection, one transaction per batch, one round trip per transaction. When the connection is
/// lost it is made anew with back-off, and the counter's row tells whether the transaction that was under way is kept.
/// </summary>
internal sealed partial class PostgresJournal(
    NpgsqlDataSource unpooled, Sealing sealing, string server, TimeSpan lockWait, TimeProvider time, ILogger logger) : IJournal
{
    private static readonly TimeSpan s_pauseMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_pauseMax = TimeSpan.FromMilliseconds(500);

    private readonly ResourceRows _rows = new(sealing);
    private JournalSession? _session;
    private JournalSession.Memory _memory = JournalSession.Memory.Empty;
    private long _version;
    private TimeSpan _pause = s_pauseMin;
    private int _failuresInRow;

    /// <summary>The session's process in PostgreSQL, for tests that end it.</summary>
    internal int? SessionPid => _session?.Self.Pid;

    public async Task<Outcome<JournalContents>> OpenAsync(CancellationToken cancellation)
    {
        try
        {
            var opened = await JournalSession.OpenAsync(unpooled, _memory, lockWait, time, cancellation);
            if (opened.Failure is { } inUse)
            {
                return inUse;
            }

            _session = opened.Value;
            _memory = _session.Remembered;
            var connection = _session.Connection;
            if (await Migrations.ApplyAsync(connection, Migrations.Own(), cancellation) is { } notMigrated)
            {
                return notMigrated;
            }

            var resources = await _rows.LoadAsync(connection, cancellation);
            if (resources.Failure is { } notLoaded)
            {
                return notLoaded;
            }

            (_version, _) = await _session.CounterAsync(cancellation);
            LogOpened(logger, resources.Value.Count, _version);
            return new JournalContents(_version, resources.Value);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException)
        {
            var builder = new NpgsqlConnectionStringBuilder(unpooled.ConnectionString);
            return Postgres.ConnectionFailures.Explain(exception, server, builder.Username ?? "", builder.Database ?? "");
        }
    }

    public async Task<AppendResult> AppendAsync(JournalBatch batch, CancellationToken cancellation)
    {
        if (_session is not { } session)
        {
            return AppendResult.NotCommitted;
        }

        try
        {
            await session.CommitAsync(batch, _rows, cancellation);
            _version = batch.VersionAfter;
            _pause = s_pauseMin;
            _failuresInRow = 0;
            return AppendResult.Committed;
        }
        catch (PostgresException exception)
        {
            var verdict = AppendVerdict.Of(exception);
            LogNotAppended(logger, verdict.Status, exception.MessageText);
            return verdict;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException || session.IsBroken)
        {
            LogNotAppended(logger, AppendStatus.InDoubt, exception.Message);
            return AppendResult.InDoubt;
        }
        catch (OperationCanceledException)
        {
            return AppendResult.InDoubt;
        }
    }

    public async Task<Recovery> RecoverAsync(JournalBatch? doubtful, CancellationToken cancellation)
    {
        // A server that answers but cannot commit, for example with a full disk, must not be asked in a tight loop.
        if (++_failuresInRow > 1)
        {
            await PauseAsync(cancellation);
        }

        while (true)
        {
            if (_session is { } broken)
            {
                _session = null;
                await broken.DisposeAsync();
            }

            try
            {
                var opened = await JournalSession.OpenAsync(unpooled, _memory, lockWait, time, cancellation);
                if (opened.Failure is { } taken)
                {
                    return new Recovery(false, taken);
                }

                _session = opened.Value;
                _memory = _session.Remembered;
                var (version, lastBatch) = await _session.CounterAsync(cancellation);
                return Settle(version, lastBatch, doubtful);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException)
            {
                LogStillAway(logger, exception.Message);
            }

            await PauseAsync(cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is { } session)
        {
            _session = null;
            await session.DisposeAsync();
        }

        await unpooled.DisposeAsync();
        sealing.Dispose();
    }

    /// <summary>We hold the writer's lock again, so every older transaction is over and what we read is final.</summary>
    private Recovery Settle(long version, Guid lastBatch, JournalBatch? doubtful)
    {
        if (doubtful is not null && lastBatch == doubtful.Id)
        {
            _version = doubtful.VersionAfter;
            LogBack(logger);
            return new Recovery(true);
        }

        if (version != _version)
        {
            return new Recovery(false, Outdated());
        }

        LogBack(logger);
        return new Recovery(false);
    }

    private async Task PauseAsync(CancellationToken cancellation)
    {
        await Task.Delay(_pause, time, cancellation);
        _pause = _pause * 2 > s_pauseMax ? s_pauseMax : _pause * 2;
    }

    internal static Failure Outdated() => new(
        FailureKind.Unavailable,
        "store-outdated",
        "Another slipwayd has written to this database meanwhile, so what this one has in memory is outdated. Make sure that only one runs and start it again.");

    [LoggerMessage(EventId = 3201, Level = LogLevel.Information, Message = "Loaded {Count} resources at version {Version}")]
    private static partial void LogOpened(ILogger logger, int count, long version);

    [LoggerMessage(EventId = 3202, Level = LogLevel.Warning, Message = "A batch of writes was not acknowledged by the database ({Status}): {Reason}")]
    private static partial void LogNotAppended(ILogger logger, AppendStatus status, string reason);

    [LoggerMessage(EventId = 3203, Level = LogLevel.Warning, Message = "The database is still away: {Reason}")]
    private static partial void LogStillAway(ILogger logger, string reason);

    [LoggerMessage(EventId = 3204, Level = LogLevel.Information, Message = "The database is back; writing goes on")]
    private static partial void LogBack(ILogger logger);
}
