using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Retail.Cart.Upkeep;

/// <summary>How long a guest's cart is kept after its last change.</summary>
internal sealed record GuestLifetime(TimeSpan Length);

/// <summary>Forgets guests' carts and old checkouts, and counts the carts in use.</summary>
internal sealed class CartUpkeep(Database database, GuestLifetime lifetime, CartMetrics metrics, TimeProvider time)
{
    private const int BatchMax = 1000;

    private static readonly TimeSpan s_checkouts = TimeSpan.FromDays(7);

    /// <summary>Says how many carts were forgotten.</summary>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var carts = await DeleteAsync(
            $"delete from carts where id = any(array(select id from carts where customer_id like 'guest-%' and updated_at < $1 limit {BatchMax} for update skip locked))",
            now - lifetime.Length, cancellation);
        await DeleteAsync(
            $"delete from checkouts where ctid = any(array(select ctid from checkouts where created_at < $1 limit {BatchMax} for update skip locked))",
            now - s_checkouts, cancellation);
        metrics.Active = await database.ReadAsync(
            (connection, token) => connection.Command(
                "select count(*) from carts c where c.updated_at > $1 and exists (select 1 from cart_items i where i.cart_id = c.id)", now - TimeSpan.FromDays(1))
                .OneAsync(row => row.GetInt64(0), token),
            cancellation);
        return carts;
    }

    private async Task<int> DeleteAsync(string sql, DateTimeOffset before, CancellationToken cancellation)
    {
        var gone = 0;
        for (int batch; (batch = await database.WriteAsync((transaction, token) => transaction.Command(sql, before).ExecuteAsync(token), cancellation)) > 0;)
        {
            gone += batch;
        }

        return gone;
    }
}

/// <summary>How often that happens while the service is awake; asleep, the verb <c>expire</c> does it on a timer.</summary>
internal sealed record UpkeepPace(TimeSpan Every);

internal sealed partial class UpkeepLoop(CartUpkeep upkeep, UpkeepPace pace, TimeProvider time, ILogger<UpkeepLoop> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(pace.Every, time, stoppingToken);
                await upkeep.RunAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is ProblemException or NpgsqlException or TimeoutException)
            {
                LogPostponed(logger, exception);
            }
        }
    }

    [LoggerMessage(EventId = 9601, Level = LogLevel.Warning, Message = "Old carts have to wait: the database does not answer")]
    private static partial void LogPostponed(ILogger logger, Exception exception);
}
