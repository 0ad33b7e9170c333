using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Slipway.Sdk.Database;
using Slipway.Sdk.Live;
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

/// <summary>The newest state of the carts that open streams follow.</summary>
internal sealed class CartFeed(Database database, TimeProvider time, ILogger<CartFeed> logger) : LookingFeed<CartReader>(time, logger, ReadersMax)
{
    public const int ReadersMax = 5000;
    public const int ReadersOfOneMax = 20;

    public Outcome<CartReader> Follow(string customer) => Join(
        new CartReader(customer),
        others => others.Count(other => other.Customer == customer) >= ReadersOfOneMax
            ? new Problem(429, "tooManyStreams", "Too many open streams", $"At most {ReadersOfOneMax} streams may be open for one cart.") { RetryAfter = TimeSpan.FromSeconds(10) }
            : null);

    protected override async Task LookAsync(IReadOnlyList<CartReader> readers, CancellationToken cancellation)
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
}
