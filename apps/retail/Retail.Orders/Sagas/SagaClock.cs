using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Retail.Orders.Sagas;

/// <summary>Tells sagas whose step has taken its time. Instances share the work: each takes rows nobody else holds.</summary>
internal sealed class SagaClock(Database database, SagaBook book, SagaMetrics metrics, TimeProvider time)
{
    private const int Helping = 20;
    private const int HelpingsMax = 500;

    /// <summary>Answers how many were due.</summary>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var told = 0;
        for (var helping = 0; helping < HelpingsMax; helping++)
        {
            var due = await database.WriteAsync(HelpingAsync, cancellation);
            told += due;
            if (due < Helping)
            {
                break;
            }
        }

        metrics.Open = await database.ReadAsync(
            async (connection, token) => (await connection.Command(
                "select phase, count(*) from sagas where phase in ('reserving', 'paying', 'actionRequired', 'confirming', 'compensating', 'failed') group by phase")
                .ListAsync(row => (row.GetString(0), row.GetInt64(1)), token)).ToDictionary(row => row.Item1, row => row.Item2),
            cancellation);
        return told;
    }

    private async Task<int> HelpingAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var due = await SagaRows.DueAsync(transaction, time.GetUtcNow(), Helping, cancellation);
        foreach (var order in due)
        {
            await book.TellAsync(transaction, order, new SagaMessage.TimeIsUp(), cancellation);
        }

        return due.Count;
    }
}

/// <summary>Runs the clock while the service is awake; the verb <c>sagas</c> does the same for a timer when it sleeps.</summary>
internal sealed partial class SagaLoop(SagaClock clock, SagaLoopPace pace, TimeProvider time, ILogger<SagaLoop> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(pace.Every, time, stoppingToken);
                await clock.RunAsync(stoppingToken);
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

    [LoggerMessage(EventId = 9311, Level = LogLevel.Warning, Message = "Due purchases have to wait: the database does not answer")]
    private static partial void LogPostponed(ILogger logger, Exception exception);
}

/// <summary>How often the clock looks; also how much later than due a step may be repeated.</summary>
internal sealed record SagaLoopPace(TimeSpan Every);
