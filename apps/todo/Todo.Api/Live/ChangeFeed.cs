using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Todo.Api.Live;

/// <summary>
/// Reads the changes once for all open streams of this instance and gives each person what they may see. It only works while somebody
/// listens: a service without readers holds no connection and may fall asleep.
/// </summary>
internal sealed partial class ChangeFeed : BackgroundService
{
    public const int ReadersMax = 5000;
    public const int ReadersOfOneMax = 20;

    private const int RowsMax = 5000;
    private const int ReplayMax = 1000;

    /// <summary>Should every notice be lost, changes still arrive after so long.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private readonly Database _database;
    private readonly ChangeSignal _signal;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _reading = new(1);
    private readonly List<FeedReader> _readers = [];
    private FeedPosition? _position;

    public ChangeFeed(Database database, ChangeSignal signal, TimeProvider time, Meter meter, ILogger<ChangeFeed> logger)
    {
        (_database, _signal, _time, _logger) = (database, signal, time, logger);
        meter.CreateObservableUpDownCounter("todo.live.streams", () => _readers.Count, "{stream}", "Streams that are open on this instance.");
    }

    public static Problem TooMany { get; } = new(429, "tooManyStreams", "Too many open streams", $"At most {ReadersOfOneMax} streams may be open for one person.")
    {
        RetryAfter = TimeSpan.FromSeconds(10),
    };

    /// <summary>Opens a stream that goes on after <paramref name="last"/>, or from now. It must be closed again.</summary>
    public async Task<Outcome<FeedReader>> OpenAsync(Guid person, FeedPosition? last, bool asksToGoOn, CancellationToken cancellation)
    {
        var reader = new FeedReader(person);
        await _reading.WaitAsync(cancellation);
        FeedPosition start;
        try
        {
            if (_readers.Count >= ReadersMax)
            {
                return Problem.Unavailable("tooManyStreams", "This instance has no room for another stream.", TimeSpan.FromSeconds(5));
            }

            if (_readers.Count(other => other.UserId == person) >= ReadersOfOneMax)
            {
                return TooMany;
            }

            start = _position is { } position && _readers.Count > 0 ? position : await NowAsync(cancellation);
            _position = start;
            _readers.Add(reader);
        }
        finally
        {
            _reading.Release();
        }

        _signal.Heard();
        await BeginAsync(reader, start, last, asksToGoOn, cancellation);
        return reader;
    }

    public async Task CloseAsync(FeedReader reader)
    {
        await _reading.WaitAsync(CancellationToken.None);
        _readers.Remove(reader);
        _reading.Release();
        reader.End();
    }

    public override void Dispose()
    {
        _reading.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await _signal.Local.WaitToReadAsync(stoppingToken);
                if (!await DeliverAsync(stoppingToken))
                {
                    // Every write signals, and most find nobody who listens.
                    continue;
                }

                using var listening = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                var ear = ListenAsync(listening.Token);
                do
                {
                    await PauseAsync(stoppingToken);
                }
                while (await DeliverAsync(stoppingToken));

                await listening.CancelAsync();
                await ear;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops; readers come back to another instance.
        }
    }

    /// <summary>What the reader missed comes first, then a sign that it is up to date.</summary>
    private async Task BeginAsync(FeedReader reader, FeedPosition start, FeedPosition? last, bool asksToGoOn, CancellationToken cancellation)
    {
        try
        {
            if (asksToGoOn && (last is null || !start.IsAtLeast(last)))
            {
                reader.Begin([], start, complete: false);
                return;
            }

            var missed = last is null
                ? []
                : (await _database.ReadAsync((connection, token) => FeedRows.ReadAsync(connection, last.Snapshot, start.Snapshot, [reader.UserId], ReplayMax, token), cancellation)).Rows;
            reader.Begin(missed ?? [], start, complete: missed is not null);
        }
        catch
        {
            await CloseAsync(reader);
            throw;
        }
    }

    private async Task<FeedPosition> NowAsync(CancellationToken cancellation)
    {
        var (snapshot, _) = await _database.ReadAsync((connection, token) => FeedRows.ReadAsync(connection, null, null, [], 0, token), cancellation);
        return new FeedPosition(_time.GetUtcNow(), snapshot);
    }

    /// <summary>False when nobody listens any more.</summary>
    private async Task<bool> DeliverAsync(CancellationToken cancellation)
    {
        while (_signal.Local.TryRead(out _))
        {
            // What was signalled until here is read by the look that follows.
        }

        await _reading.WaitAsync(cancellation);
        try
        {
            _readers.RemoveAll(reader => reader.HasEnded);
            if (_readers.Count == 0 || _position is not { } from)
            {
                _position = null;
                return false;
            }

            var people = _readers.Select(reader => reader.UserId).Distinct().ToArray();
            var (snapshot, rows) = await _database.ReadAsync(
                (connection, token) => FeedRows.ReadAsync(connection, from.Snapshot, null, people, RowsMax, token), cancellation);
            var reached = new FeedPosition(_time.GetUtcNow(), snapshot);
            var byPerson = rows?.ToLookup(row => row.UserId);
            foreach (var reader in _readers)
            {
                reader.Send(byPerson?[reader.UserId], from, reached);
            }

            _position = reached;
        }
        catch (ProblemException)
        {
            // The database is away. The position stays, so what happens meanwhile is read when it is back.
        }
        catch (NpgsqlException exception)
        {
            LogFailed(_logger, exception);
        }
        finally
        {
            _reading.Release();
        }

        return true;
    }

    private async Task PauseAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var patience = Task.Delay(s_patience, _time, limit.Token);
        await Task.WhenAny(_signal.Local.WaitToReadAsync(limit.Token).AsTask(), patience);
        await limit.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Hears the notices of other instances, on a connection of its own.</summary>
    private async Task ListenAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await using var connection = await _database.Source.OpenConnectionAsync(cancellation);
                connection.Notification += (_, _) => _signal.Heard();
                await using var listen = new NpgsqlCommand($"listen {ChangeAnnouncer.Channel}", connection);
                await listen.ExecuteNonQueryAsync(cancellation);

                // What others wrote before this was heard by nobody.
                _signal.Heard();
                while (true)
                {
                    await connection.WaitAsync(cancellation);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException or TimeoutException or IOException)
            {
                LogFailed(_logger, exception);
                await Task.Delay(TimeSpan.FromSeconds(1), _time, cancellation).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }

    [LoggerMessage(EventId = 9102, Level = LogLevel.Warning, Message = "Changes cannot be followed at the moment; open streams wait")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
