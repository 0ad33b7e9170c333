using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Retail.Inventory.Stock;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Retail.Inventory.Live;

/// <summary>What a reader of a stream is told of one SKU.</summary>
internal readonly record struct StockGlance(string Sku, long Version, long Available, int Threshold);

/// <summary>One open stream. It only wants the newest state, so of what it has not taken yet the older is dropped.</summary>
internal sealed class StockReader(IReadOnlySet<string> skus)
{
    public const int Waiting = 256;

    private readonly Channel<StockGlance> _glances = Channel.CreateBounded<StockGlance>(
        new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly Dictionary<string, long> _told = [];

    public IReadOnlySet<string> Skus => skus;

    public IAsyncEnumerable<StockGlance> GlancesAsync(CancellationToken cancellation) => _glances.Reader.ReadAllAsync(cancellation);

    public void Tell(StockGlance glance)
    {
        if (_told.GetValueOrDefault(glance.Sku, -1) < glance.Version)
        {
            _told[glance.Sku] = glance.Version;
            _glances.Writer.TryWrite(glance);
        }
    }
}

/// <summary>
/// Looks ten times a second, once for all open streams of this instance, and only while there are any. That costs the same however
/// many listen, holds no connection and needs no instance to tell another.
/// </summary>
internal sealed partial class StockFeed : BackgroundService
{
    public const int ReadersMax = 2000;
    public const int SkusMax = 50;

    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(100);

    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly List<StockReader> _readers = [];
    private readonly Channel<bool> _came = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public StockFeed(Database database, Meter meter, TimeProvider time, ILogger<StockFeed> logger)
    {
        (_database, _time, _logger) = (database, time, logger);
        meter.CreateObservableUpDownCounter("inventory.live.streams", () => _readers.Count, "{stream}", "Streams that are open on this instance.");
    }

    public Outcome<StockReader> Open(IReadOnlySet<string> skus)
    {
        var reader = new StockReader(skus);
        lock (_lock)
        {
            if (_readers.Count >= ReadersMax)
            {
                return Problem.Unavailable("tooManyStreams", "This instance has no room for another stream.", TimeSpan.FromSeconds(5));
            }

            _readers.Add(reader);
        }

        _came.Writer.TryWrite(true);
        return reader;
    }

    public void Close(StockReader reader)
    {
        lock (_lock)
        {
            _readers.Remove(reader);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _came.Reader.WaitToReadAsync(stoppingToken))
            {
                _came.Reader.TryRead(out _);
                while (await LookAsync(stoppingToken))
                {
                    await Task.Delay(s_pace, _time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops; readers come back to another instance.
        }
    }

    /// <summary>False when nobody listens any more.</summary>
    private async Task<bool> LookAsync(CancellationToken cancellation)
    {
        StockReader[] readers;
        lock (_lock)
        {
            readers = [.. _readers];
        }

        if (readers.Length == 0)
        {
            return false;
        }

        try
        {
            var skus = readers.SelectMany(reader => reader.Skus).Distinct(StringComparer.Ordinal).ToList();
            var items = await _database.ReadAsync((connection, token) => StockRows.ReadAsync(connection, skus, token), cancellation);
            foreach (var item in items)
            {
                var glance = new StockGlance(item.Sku, item.Version, item.Available, item.Threshold);
                foreach (var reader in readers.Where(reader => reader.Skus.Contains(item.Sku)))
                {
                    reader.Tell(glance);
                }
            }
        }
        catch (Exception exception) when (exception is ProblemException or NpgsqlException or TimeoutException)
        {
            LogFailed(_logger, exception);
        }

        return true;
    }

    [LoggerMessage(EventId = 9511, Level = LogLevel.Debug, Message = "Stock cannot be followed at the moment; open streams wait")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
