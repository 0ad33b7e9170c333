using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Slipway.Sdk.Database;

/// <summary>Rows of a table that have had their time.</summary>
/// <param name="Where">The condition, in SQL.</param>
internal sealed record Sweep(string Name, string Table, string Where);

/// <summary>Takes out what has expired, a little at a time, about once an hour.</summary>
internal sealed partial class Sweeper(IEnumerable<Sweep> sweeps, Database database, TimeProvider time, ILogger<Sweeper> logger) : BackgroundService
{
    private const int BatchMax = 1000;

    private static readonly TimeSpan s_first = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_period = TimeSpan.FromHours(1);

    /// <summary>Says how many rows went.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        var gone = 0;
        foreach (var sweep in sweeps)
        {
            // Rows another instance sweeps at this moment are left to it.
            var sql = $"delete from {sweep.Table} where ctid = any(array(select ctid from {sweep.Table} where {sweep.Where} limit {BatchMax} for update skip locked))";
            for (int batch; (batch = await database.WriteAsync((transaction, token) => transaction.Command(sql).ExecuteAsync(token), cancellation)) > 0;)
            {
                gone += batch;
            }
        }

        return gone;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = s_first;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // Instances that started together do not sweep together.
                await Task.Delay(pause * (0.8 + (Random.Shared.NextDouble() * 0.4)), time, stoppingToken);
                pause = s_period;
                var gone = await SweepAsync(stoppingToken);
                LogSwept(logger, gone);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // What has expired is ignored by its readers anyway; the next round takes it out.
                LogFailed(logger, exception);
            }
        }
    }

    [LoggerMessage(EventId = 8131, Level = LogLevel.Debug, Message = "Took out {Count} expired rows")]
    private static partial void LogSwept(ILogger logger, int count);

    [LoggerMessage(EventId = 8132, Level = LogLevel.Warning, Message = "Expired rows could not be taken out; tried again later")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
