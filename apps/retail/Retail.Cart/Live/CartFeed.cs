using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Retail.Cart.Live;

/// <summary>How a cart stands, as other tabs are told.</summary>
internal sealed record CartGlance(long Version, long TotalItems);

/// <summary>One open stream. It only wants the newest state, so one that it has not taken yet is replaced.</summary>
internal sealed class CartReader(string customer)
{
    private readonly Channel<CartGlance> _glances = Channel.CreateBounded<CartGlance>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private CartGlance? _told;

    public string Customer => customer;

    public IAsyncEnumerable<CartGlance> GlancesAsync(CancellationToken cancellation) => _glances.Reader.ReadAllAsync(cancellation);

    public void Tell(CartGlance glance)
    {
        if (_told != glance)
        {
            _told = glance;
            _glances.Writer.TryWrite(glance);
        }
    }
}

/// <summary>
/// Looks ten times a second, once for all open streams of this instance, and only while there are any. That costs the same however
/// many listen, holds no connection and needs no instance to tell another.
/// </summary>
internal sealed partial class CartFeed(Database database, TimeProvider time, ILogger<CartFeed> logger) : BackgroundService
{
    public const int ReadersMax = 5000;
    public const int ReadersOfOneMax = 20;

    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly List<CartReader> _readers = [];
    private readonly Channel<bool> _came = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public Outcome<CartReader> Open(string customer)
    {
        var reader = new CartReader(customer);
        lock (_lock)
        {
            if (_readers.Count >= ReadersMax)
            {
                return Problem.Unavailable("tooManyStreams", "This instance has no room for another stream.", TimeSpan.FromSeconds(5));
            }

            if (_readers.Count(other => other.Customer == customer) >= ReadersOfOneMax)
            {
                return new Problem(429, "tooManyStreams", "Too many open streams", $"At most {ReadersOfOneMax} streams may be open for one cart.") { RetryAfter = TimeSpan.FromSeconds(10) };
            }

            _readers.Add(reader);
        }

        _came.Writer.TryWrite(true);
        return reader;
    }

    public void Close(CartReader reader)
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
                    await Task.Delay(s_pace, time, stoppingToken);
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
        CartReader[] readers;
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
            var customers = readers.Select(reader => reader.Customer).Distinct(StringComparer.Ordinal).ToArray();
            var carts = await database.ReadAsync(
                (connection, token) => connection.Command(
                    """
                    select c.customer_id, c.version, coalesce(sum(i.quantity), 0)::bigint from carts c left join cart_items i on i.cart_id = c.id
                    where c.customer_id = any($1) group by c.id
                    """,
                    (object)customers).ListAsync(row => (Customer: row.GetString(0), Glance: new CartGlance(row.GetInt64(1), row.GetInt64(2))), token),
                cancellation);
            var byCustomer = carts.ToDictionary(cart => cart.Customer, cart => cart.Glance, StringComparer.Ordinal);
            foreach (var reader in readers)
            {
                reader.Tell(byCustomer.GetValueOrDefault(reader.Customer) ?? new CartGlance(0, 0));
            }
        }
        catch (Exception exception) when (exception is ProblemException or NpgsqlException or TimeoutException)
        {
            LogFailed(logger, exception);
        }

        return true;
    }

    [LoggerMessage(EventId = 9611, Level = LogLevel.Debug, Message = "Carts cannot be followed at the moment; open streams wait")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
