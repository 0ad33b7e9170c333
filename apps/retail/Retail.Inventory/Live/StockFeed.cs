using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Retail.Inventory.Stock;
using Slipway.Sdk.Database;
using Slipway.Sdk.Live;
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

/// <summary>The newest state of the SKUs that open streams follow.</summary>
internal sealed class StockFeed : LookingFeed<StockReader>
{
    public const int ReadersMax = 2000;
    public const int SkusMax = 50;

    private readonly Database _database;

    public StockFeed(Database database, Meter meter, TimeProvider time, ILogger<StockFeed> logger)
        : base(time, logger, ReadersMax)
    {
        _database = database;
        meter.CreateObservableUpDownCounter("inventory.live.streams", () => Open, "{stream}", "Streams that are open on this instance.");
    }

    public Outcome<StockReader> Follow(IReadOnlySet<string> skus) => Join(new StockReader(skus));

    protected override async Task LookAsync(IReadOnlyList<StockReader> readers, CancellationToken cancellation)
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
}
