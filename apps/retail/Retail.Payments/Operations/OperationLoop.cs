using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Retail.Payments.Operations;

/// <summary>
/// Asks the bank as soon as there is something to ask: every instance listens, and takes what no other has taken. The verb
/// <c>sweep</c> does the same for a timer while the service sleeps.
/// </summary>
internal sealed partial class OperationLoop(Database database, OperationRunner runner, OperationPace pace, TimeProvider time, ILogger<OperationLoop> logger) : BackgroundService
{
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // The first call waits for the migrations.
                await runner.SweepAsync(stoppingToken);
                await using var connection = await database.Source.OpenConnectionAsync(stoppingToken);
                await connection.Command($"listen {OperationRows.Channel}").ExecuteAsync(stoppingToken);
                await ListenAsync(connection, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The notes are safe where they are; a new connection begins again from there.
                LogPostponed(logger, exception);
                await Task.Delay(s_again, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var running = new List<Task>();
        while (!cancellation.IsCancellationRequested)
        {
            running.RemoveAll(task => task.IsCompleted);
            var free = pace.AtOnce - running.Count;
            var taken = free == 0 ? [] : await runner.ClaimAsync(free, cancellation);
            running.AddRange(taken.Select(operation => RunAsync(operation, cancellation)));
            if (taken.Count == 0 || taken.Count == free)
            {
                await connection.WaitAsync(pace.Look, cancellation);
            }
        }

        await Task.WhenAll(running);
    }

    /// <summary>One that goes wrong comes back when its time is over, and hinders no other.</summary>
    private async Task RunAsync(Operation operation, CancellationToken cancellation)
    {
        try
        {
            await runner.RunAsync(operation, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Stopping; the note stays open.
        }
        catch (Exception exception) when (exception is ProblemException or NpgsqlException or TimeoutException or InvalidOperationException or OperationCanceledException)
        {
            LogFailed(logger, operation.Kind, operation.PaymentId, exception);
        }
    }

    [LoggerMessage(EventId = 9202, Level = LogLevel.Warning, Message = "Asking the payment provider has to wait: the database does not answer")]
    private static partial void LogPostponed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 9203, Level = LogLevel.Warning, Message = "{Kind} of payment {PaymentId} did not come to an end; it is asked again")]
    private static partial void LogFailed(ILogger logger, OperationKind kind, Guid paymentId, Exception exception);
}
