using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Slipway.Sdk.Notices;

/// <summary>Sends what stands on the notices. What a dying instance no longer told, the others find when their copies are too old.</summary>
internal sealed partial class NoticeAnnouncer(InstanceNotices notices, ILogger<NoticeAnnouncer> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await notices.AnnounceAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException or TimeoutException)
            {
                LogLost(logger, exception);
            }
        }
    }

    [LoggerMessage(EventId = 8401, Level = LogLevel.Warning, Message = "Other instances could not be told of a change; they find it when what they remember is too old")]
    private static partial void LogLost(ILogger logger, Exception exception);
}
