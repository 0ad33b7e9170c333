using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Retail.Catalog.Endpoints;
using Retail.Catalog.Products;
using Retail.Catalog.Stock;
using Slipway.Sdk.Database;
using Slipway.Sdk.Live;
using Slipway.Sdk.Problems;

namespace Retail.Catalog.Live;

/// <summary>How one SKU stands now.</summary>
internal sealed record SkuDocument(string Sku, Guid ProductId, decimal Price, string Currency, bool Active, string StockHint, long Version);

/// <summary>Reads what was announced once for all open streams and gives each what it asked for. Without streams nothing is read.</summary>
internal sealed partial class LiveFeed : BackgroundService
{
    public const int ReadersMax = 5_000;

    /// <summary>What comes together is read together.</summary>
    private const int ProductsMax = 200;

    private readonly Database _database;
    private readonly NoticeBoard _board;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly List<LiveReader> _readers = [];
    private long _number;

    public LiveFeed(Database database, NoticeBoard board, TimeProvider time, Meter meter, ILogger<LiveFeed> logger)
    {
        (_database, _board, _time, _logger) = (database, board, time, logger);
        meter.CreateObservableUpDownCounter("catalog.live.streams", () => _readers.Count, "{stream}", "Streams that are open on this instance.");
    }

    /// <summary>Opens a stream that begins with how the named SKUs stand. It must be closed again.</summary>
    /// <param name="returning">The reader was here before and may have missed something.</param>
    public async Task<Outcome<LiveReader>> OpenAsync(IReadOnlySet<string> skus, bool returning, CancellationToken cancellation)
    {
        var reader = new LiveReader(skus);
        lock (_lock)
        {
            _readers.RemoveAll(other => other.HasEnded);
            if (_readers.Count >= ReadersMax)
            {
                return Problem.Unavailable("tooManyStreams", "This instance has no room for another stream.", TimeSpan.FromSeconds(5));
            }

            _readers.Add(reader);
        }

        try
        {
            // What changes while this is read is sent as well, so nothing falls between the two.
            foreach (var sku in skus.Count == 0 ? [] : await ReadAsync("v.sku = any($1)", skus, cancellation))
            {
                reader.Send(EventOf("snapshot", sku));
            }

            reader.Send(new LiveEvent(NextId(), skus.Count == 0 && returning ? "reset" : "ready", "{}"));
            return reader;
        }
        catch
        {
            Close(reader);
            throw;
        }
    }

    public void Close(LiveReader reader)
    {
        lock (_lock)
        {
            _readers.Remove(reader);
        }

        reader.End();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _board.ToStreams.WaitToReadAsync(stoppingToken);
                await DeliverAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is ProblemException or NpgsqlException)
            {
                // Nobody knows any more what the streams have missed.
                LogFailed(_logger, exception);
                SendAll(new LiveEvent(NextId(), "reset", "{}"));
            }
        }
    }

    private async Task DeliverAsync(CancellationToken cancellation)
    {
        var notices = new Dictionary<Guid, NoticeKind>();
        var everything = _board.LostToStreams();
        while (notices.Count < ProductsMax && _board.ToStreams.TryRead(out var notice))
        {
            everything |= notice.Kind == NoticeKind.Everything;
            notices[notice.ProductId] = notices.TryGetValue(notice.ProductId, out var other) && other != notice.Kind ? NoticeKind.Changed : notice.Kind;
        }

        if (Readers().Count == 0)
        {
            return;
        }

        if (everything)
        {
            SendAll(new LiveEvent(NextId(), "reset", "{}"));
        }

        foreach (var (id, kind) in notices.Where(pair => pair.Value == NoticeKind.Deleted))
        {
            Send(new LiveEvent(NextId(), "deleted", $$"""{"productId":"{{id}}"}"""), null);
        }

        foreach (var sku in await ReadAsync("v.product_id = any($1)", notices.Keys, cancellation))
        {
            var type = notices[sku.ProductId] switch
            {
                NoticeKind.Price => "price",
                NoticeKind.Stock => "stock",
                NoticeKind.Created => "created",
                _ => "changed",
            };
            Send(EventOf(type, sku), sku.Sku);
        }
    }

    private Task<List<SkuDocument>> ReadAsync(string where, object values, CancellationToken cancellation) => _database.ReadAsync(
        (connection, token) => connection.Command(
            $"""
            select v.sku, v.product_id, v.price_minor, v.currency, p.active, h.available, p.version
            from variants v join products p on p.id = v.product_id left join stock_hints h on h.sku = v.sku where {where} order by v.sku
            """,
            values).ListAsync(
            row => new SkuDocument(
                row.GetString(0), row.GetGuid(1), Prices.Decimal(row.GetInt64(2)), row.GetString(3), row.GetBoolean(4), StockHint.Of(row.OrNull<long>(5)), row.GetInt64(6)),
            token),
        cancellation);

    private void SendAll(LiveEvent item)
    {
        foreach (var reader in Readers())
        {
            reader.Send(item);
        }
    }

    /// <param name="sku">Null for what concerns a whole product, which those who follow SKUs see from their next look.</param>
    private void Send(LiveEvent item, string? sku)
    {
        foreach (var reader in Readers())
        {
            if (reader.Skus.Count == 0 || sku is null || reader.Skus.Contains(sku))
            {
                reader.Send(item);
            }
        }
    }

    private List<LiveReader> Readers()
    {
        lock (_lock)
        {
            return [.. _readers];
        }
    }

    private LiveEvent EventOf(string type, SkuDocument sku) => new(NextId(), type, JsonSerializer.Serialize(sku, CatalogJson.Default.SkuDocument));

    private string NextId() => string.Create(CultureInfo.InvariantCulture, $"{_time.GetUtcNow().ToUnixTimeMilliseconds()}.{Interlocked.Increment(ref _number)}");

    [LoggerMessage(EventId = 9203, Level = LogLevel.Warning, Message = "Changes could not be read for open streams; their readers are asked to read anew")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
