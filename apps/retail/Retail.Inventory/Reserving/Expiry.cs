using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Retail.Inventory.Reserving;

/// <summary>Frees what was held too long, each reservation in a transaction of its own.</summary>
internal sealed class Expiry(Database database, ReservationBook book, TimeProvider time)
{
    private const int BatchMax = 500;

    /// <summary>Says how many expired.</summary>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var expired = 0;
        while (true)
        {
            var due = await database.ReadAsync(
                (connection, token) => connection.Command(
                    "select order_id from reservations where status = 'held' and expires_at <= $1 order by expires_at limit $2", time.GetUtcNow(), BatchMax)
                    .ListAsync(row => row.GetGuid(0), token),
                cancellation);
            var before = expired;
            foreach (var order in due)
            {
                expired += await database.WriteAsync((transaction, token) => book.ExpireAsync(transaction, order, token), cancellation) is null ? 0 : 1;
            }

            // What somebody else works on right now is left to them and to the next round.
            if (due.Count < BatchMax || expired == before)
            {
                return expired;
            }
        }
    }
}

/// <summary>How often the service looks while it is awake; asleep, the verb <c>expire</c> does it on a timer.</summary>
internal sealed record ExpiryPace(TimeSpan Every);

internal sealed partial class ExpiryLoop(Expiry expiry, ExpiryPace pace, TimeProvider time, ILogger<ExpiryLoop> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(pace.Every, time, stoppingToken);
                if (await expiry.RunAsync(stoppingToken) is > 0 and var count)
                {
                    LogExpired(logger, count);
                }
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

    [LoggerMessage(EventId = 9501, Level = LogLevel.Information, Message = "{Count} reservations were held too long and are free again")]
    private static partial void LogExpired(ILogger logger, int count);

    [LoggerMessage(EventId = 9502, Level = LogLevel.Warning, Message = "Reservations cannot expire now: the database does not answer")]
    private static partial void LogPostponed(ILogger logger, Exception exception);
}
