using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Slipway.Sdk.Notices;

/// <summary>Hears what other instances commit. Without that line to the database the reader is told that nobody would say what is old.</summary>
internal sealed partial class NoticeListener(Database.Database database, InstanceNotices notices, INoticeReader reader, TimeProvider time, ILogger<NoticeListener> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.Source.OpenConnectionAsync(stoppingToken);
                connection.Notification += (_, told) => notices.Read(told.Payload, reader);
                await using var listen = new NpgsqlCommand($"listen {notices.ChannelName}", connection);
                await listen.ExecuteNonQueryAsync(stoppingToken);

                // What was committed while nobody listened was not told.
                reader.Missed();
                reader.Listening(true);
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
                reader.Listening(false);
            }

            await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(EventId = 8402, Level = LogLevel.Warning, Message = "Changes of other instances cannot be heard; everything is read from the database meanwhile")]
    private static partial void LogLost(ILogger logger, Exception exception);
}
