using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Settings;

namespace Todo.Api.Upkeep;

/// <summary>Runs the housekeeping while the service is awake; the verb <c>purge</c> does the same for a timer that wakes nobody.</summary>
internal sealed partial class HousekeepingLoop(Housekeeping housekeeping, HousekeepingPace pace, TimeProvider time, ILogger<HousekeepingLoop> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(pace.Every, time, stoppingToken);
                await housekeeping.RunAsync(stoppingToken);
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

    [LoggerMessage(EventId = 9111, Level = LogLevel.Warning, Message = "Reminders and the trash have to wait: the database does not answer")]
    private static partial void LogPostponed(ILogger logger, Exception exception);
}

/// <summary>How often the housekeeping runs; also how late a reminder may come.</summary>
internal sealed record HousekeepingPace(TimeSpan Every)
{
    public static HousekeepingPace Read(ServiceSettings settings) => new(TimeSpan.FromSeconds(settings.Number("HOUSEKEEPING_SECONDS", 15, 1, 3600)));
}
