using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Retail.Sandbox.Bank;
using Slipway.Sdk.Problems;

namespace Retail.Sandbox.Webhooks;

/// <summary>Delivers while the service is awake; the verb <c>deliver</c> does the same for a timer that wakes nobody.</summary>
internal sealed partial class DeliveryLoop(Deliveries deliveries, Pace pace, TimeProvider time, ILogger<DeliveryLoop> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await deliveries.RunAsync(stoppingToken))
                {
                    await Task.Delay(pace.Look, time, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is ProblemException or NpgsqlException or TimeoutException)
            {
                LogPostponed(logger, exception);
                await Task.Delay(TimeSpan.FromSeconds(2), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(EventId = 9302, Level = LogLevel.Warning, Message = "Webhooks have to wait: the database does not answer")]
    private static partial void LogPostponed(ILogger logger, Exception exception);
}
