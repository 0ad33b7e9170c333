using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Npgsql;
using Slipway.Sdk.Telemetry;

namespace Slipway.Sdk.Database;

/// <summary>
/// The service's database. Every call has a time limit and a breaker around it. What it throws as <see cref="ProblemException"/>
/// is meant for the client (503 with <c>Retry-After</c>); anything else is what the work itself threw.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    private const int Attempts = 4;
    private const int ShortageAttemptMax = 3;

    private static readonly TimeSpan s_shortagePatience = TimeSpan.FromSeconds(2);

    private readonly NpgsqlDataSource _calls;
    private readonly NpgsqlDataSource _single;
    private readonly TimeProvider _time;
    private readonly DatabaseBreaker _breaker;
    private readonly Seats _seats;
    private readonly DatabaseMetrics _metrics;
    private readonly TimeSpan _commitLimit;
    private int _disposed;

    public Database(string name, DatabaseOptions options, TimeProvider time, ILogger<Database> logger)
    {
        _time = time;
        _commitLimit = options.BreakerTimeout;
        _calls = DatabaseSources.Calls(options, name);
        _single = DatabaseSources.Unpooled(options, name);
        Source = DatabaseSources.Long(options, name);
        _seats = new Seats(options.PoolMax, waitingMax: options.PoolMax * 20, options.AcquireTimeout, time);
        _breaker = new DatabaseBreaker(options, ProbeAsync, time, logger);
        _metrics = new DatabaseMetrics(name, options.PoolMax, _seats, _breaker);
    }

    /// <summary>A small pool of its own for what holds a connection for long: LISTEN and COPY. Nothing here is retried or refused.</summary>
    public NpgsqlDataSource Source { get; }

    /// <summary>What must be done before the first call; set by the migrations.</summary>
    internal Func<CancellationToken, ValueTask>? Before { get; set; }

    /// <summary>The pool of calls, past breaker and line: for a look at the database that must not be refused or counted.</summary>
    internal NpgsqlDataSource Calls => _calls;

    /// <summary>Connections outside the pool, for locks that must end with their session.</summary>
    internal NpgsqlDataSource Single => _single;

    /// <summary>Reads. The work may run a second time on another connection if the first one turns out to be lost.</summary>
    public async Task<T> ReadAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        await BeforeAsync(cancellation);
        using var timing = new Timing(_time);
        return await _breaker.RunAsync(static (call, token) => call.Database.ReadOnceOrTwiceAsync(call.Work, token), (Database: this, Work: work), cancellation);
    }

    /// <summary>
    /// One transaction: committed when the work returns, undone when it throws. Collisions with other transactions run the work
    /// again, at most three times, so it must have no effect but through the transaction.
    /// </summary>
    public async Task<T> WriteAsync<T>(Func<NpgsqlTransaction, CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        await BeforeAsync(cancellation);
        using var timing = new Timing(_time);
        return await _breaker.RunAsync(static (call, token) => call.Database.TransactAsync(call.Work, token), (Database: this, Work: work), cancellation);
    }

    public Task WriteAsync(Func<NpgsqlTransaction, CancellationToken, Task> work, CancellationToken cancellation) => WriteAsync(
        async (transaction, token) =>
        {
            await work(transaction, token);
            return true;
        },
        cancellation);

    /// <summary>Null when the database answers; past the breaker, which must not learn from it.</summary>
    internal async Task<string?> LookAsync(CancellationToken cancellation)
    {
        if (_breaker.IsOpen)
        {
            return "the database failed too often and is not called until it answers again";
        }

        try
        {
            await using var connection = await _calls.OpenConnectionAsync(cancellation);
            await connection.Command("select 1").ExecuteAsync(cancellation);
            return null;
        }
        catch (Exception exception) when (DatabaseFailures.IsOutage(exception))
        {
            return "the database cannot be reached";
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await _breaker.DisposeAsync();
        _metrics.Dispose();
        _seats.Dispose();
        await _calls.DisposeAsync();
        await _single.DisposeAsync();
        await Source.DisposeAsync();
    }

    private ValueTask BeforeAsync(CancellationToken cancellation) => Before is { } before ? before(cancellation) : ValueTask.CompletedTask;

    private async ValueTask<T> ReadOnceOrTwiceAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        using var seat = await _seats.TakeAsync(cancellation);
        try
        {
            return await ReadOnceAsync(work, cancellation);
        }
        catch (Exception exception) when (DatabaseFailures.IsLostConnection(exception))
        {
            // Where one connection is lost, its neighbours in the pool usually are too.
            _calls.Clear();
            return await ReadOnceAsync(work, cancellation);
        }
    }

    private async Task<T> ReadOnceAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        return await work(connection, cancellation);
    }

    /// <summary>
    /// The server may let the role have fewer connections than the pool has places, most of all when several instances share it. That is
    /// no failure: the ones that are open come back in a moment, and a later look finds them.
    /// </summary>
    private async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellation)
    {
        var began = _time.GetTimestamp();
        for (var attempt = 1; ; attempt = Math.Min(attempt + 1, ShortageAttemptMax))
        {
            try
            {
                return await _calls.OpenConnectionAsync(cancellation);
            }
            catch (PostgresException exception) when (DatabaseFailures.IsShortage(exception) && _time.GetElapsedTime(began) < s_shortagePatience)
            {
                await Task.Delay(Backoff(attempt), _time, cancellation);
            }
        }
    }

    private async ValueTask<T> TransactAsync<T>(Func<NpgsqlTransaction, CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        using var seat = await _seats.TakeAsync(cancellation);
        var mayReconnect = true;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TransactOnceAsync(work, cancellation);
            }
            catch (Exception exception) when (DatabaseFailures.IsCollision(exception) && attempt < Attempts)
            {
                await Task.Delay(Backoff(attempt), _time, cancellation);
            }
            catch (Exception exception) when (DatabaseFailures.IsLostConnection(exception) && mayReconnect)
            {
                mayReconnect = false;
                _calls.Clear();
            }
        }
    }

    private async Task<T> TransactOnceAsync<T>(Func<NpgsqlTransaction, CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        LastWords.Collect(connection);
        var result = await work(transaction, cancellation);
        await CommitAsync(connection, transaction);
        return result;
    }

    /// <summary>
    /// Once begun, a commit is not given up because the client left: its outcome would then be anybody's guess. PostgreSQL
    /// answers the commit of a failed transaction with a quiet rollback; the statement before it turns that into an error.
    /// </summary>
    private async Task CommitAsync(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        using var limit = new CancellationTokenSource(_commitLimit, _time);
        try
        {
            await using var batch = new NpgsqlBatch(connection, transaction);
            foreach (var word in LastWords.Of(connection))
            {
                batch.BatchCommands.Add(word);
            }

            batch.BatchCommands.Add(new NpgsqlBatchCommand("select 1"));
            batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
            await batch.ExecuteNonQueryAsync(limit.Token);
        }
        catch (Exception exception)
        {
            if (DatabaseFailures.IsCertainlyNotCommitted(exception))
            {
                ExceptionDispatchInfo.Throw(exception);
            }

            throw new CommitUnknownException(exception);
        }
    }

    private async Task ProbeAsync(CancellationToken cancellation)
    {
        await using var connection = await _single.OpenConnectionAsync(cancellation);
        await using var command = new NpgsqlCommand("select 1", connection);
        await command.ExecuteScalarAsync(cancellation);
    }

    /// <summary>Jitter keeps two colliding transactions from colliding again in step.</summary>
    private static TimeSpan Backoff(int attempt) => TimeSpan.FromMilliseconds(Random.Shared.Next(5, 20) << attempt);

    /// <summary>The whole call as the request waits for it, line and retries included.</summary>
    private readonly struct Timing(TimeProvider time) : IDisposable
    {
        private readonly long _began = time.GetTimestamp();

        public void Dispose() => ServerTiming.Add("db", time.GetElapsedTime(_began));
    }
}
