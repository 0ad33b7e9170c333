using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Retail.Orders.Live;

/// <summary>
/// Tells open streams that their order has new events. One look at the versions of all watched orders serves every stream of
/// this instance, and it sees what other instances wrote too. Nobody watching, nobody looks.
/// </summary>
internal sealed partial class OrderWatch(Database database, TimeProvider time, ILogger<OrderWatch> logger) : BackgroundService
{
    public const int WatchersMax = 5_000;

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<long, OrderWatcher> _watchers = new();
    private readonly Channel<bool> _raised = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _last;

    /// <summary>Something is about to be committed here, or somebody began to watch: look soon.</summary>
    public void Raise()
    {
        if (!_watchers.IsEmpty)
        {
            _raised.Writer.TryWrite(true);
        }
    }

    /// <summary>Dispose what comes back when the stream is over.</summary>
    /// <param name="known">The version the reader has.</param>
    public Outcome<OrderWatcher> Watch(Guid order, long known)
    {
        if (_watchers.Count >= WatchersMax)
        {
            return Problem.Unavailable("tooManyStreams", "As many streams as this instance can serve are open. Ask for the events from time to time instead.", TimeSpan.FromSeconds(5));
        }

        var key = Interlocked.Increment(ref _last);
        var watcher = new OrderWatcher(order, known, () => _watchers.TryRemove(key, out _));
        _watchers[key] = watcher;
        _raised.Writer.TryWrite(true);
        return watcher;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (_watchers.IsEmpty)
                {
                    await _raised.Reader.ReadAsync(stoppingToken);
                }

                await LookAsync(stoppingToken);
                await Task.Delay(s_look, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is ProblemException or NpgsqlException or TimeoutException)
            {
                LogFailed(logger, exception);
                await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        var watched = _watchers.Values.ToList();
        if (watched.Count == 0)
        {
            return;
        }

        var versions = await database.ReadAsync(
            (connection, token) => connection.Command("select id, version from orders where id = any($1)", watched.Select(watcher => watcher.Order).Distinct())
                .ListAsync(row => (Id: row.GetGuid(0), Version: row.GetInt64(1)), token),
            cancellation);
        var known = versions.ToDictionary(row => row.Id, row => row.Version);
        foreach (var watcher in watched)
        {
            if (known.TryGetValue(watcher.Order, out var version))
            {
                watcher.Tell(version);
            }
        }
    }

    [LoggerMessage(EventId = 9301, Level = LogLevel.Warning, Message = "Orders cannot be followed at the moment; open streams wait")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}

/// <summary>One open stream. Only the newest version matters: a slow reader finds all events up to it where they are stored.</summary>
internal sealed class OrderWatcher(Guid order, long seen, Action leave) : IDisposable
{
    private readonly Channel<long> _news = Channel.CreateBounded<long>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private long _seen = seen;

    public Guid Order => order;

    public ChannelReader<long> News => _news.Reader;

    public void Tell(long version)
    {
        if (version > _seen)
        {
            _seen = version;
            _news.Writer.TryWrite(version);
        }
    }

    public void Dispose() => leave();
}
