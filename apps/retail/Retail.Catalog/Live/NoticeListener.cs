using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Slipway.Sdk.Caching;
using Slipway.Sdk.Database;

namespace Retail.Catalog.Live;

/// <summary>Hears what other instances commit. Without that line to the database nothing remembered is served, because nobody would say when it is old.</summary>
internal sealed partial class NoticeListener(
    Database database, NoticeBoard board, ResponseCache cache, InstanceName instance, TimeProvider time, ILogger<NoticeListener> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.Source.OpenConnectionAsync(stoppingToken);
                connection.Notification += (_, told) => Heard(told.Payload);
                await using var listen = new NpgsqlCommand($"listen {NoticeAnnouncer.Channel}", connection);
                await listen.ExecuteNonQueryAsync(stoppingToken);

                // What was committed while nobody listened was not told.
                board.Heard([ProductNotice.Everything]);
                cache.Trusted = true;
                while (true)
                {
                    await connection.WaitAsync(stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException or TimeoutException or IOException)
            {
                LogLost(logger, exception);
            }
            finally
            {
                cache.Trusted = false;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Heard(string payload)
    {
        var lines = payload.Split('\n');
        if (lines[0] != instance.Value)
        {
            board.Heard([.. lines.Skip(1).Select(ProductNotice.Read)]);
        }
    }

    [LoggerMessage(EventId = 9202, Level = LogLevel.Warning, Message = "Changes of other instances cannot be heard; everything is read from the database meanwhile")]
    private static partial void LogLost(ILogger logger, Exception exception);
}
