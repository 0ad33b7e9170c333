using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Slipway.Sdk.Database;

namespace Todo.Api.Live;

/// <summary>
/// Tells the other instances through the database that there are changes, at most every 20 ms. It is not part of the write: the server
/// lets only one transaction at a time commit with a notice. A notice that is lost costs the others a few seconds, not the change.
/// </summary>
internal sealed partial class ChangeAnnouncer(Database database, ChangeSignal signal, TimeProvider time, ILogger<ChangeAnnouncer> logger) : BackgroundService
{
    public const string Channel = "todo_changes";

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await signal.Others.ReadAsync(stoppingToken);
                await using var command = database.Source.CreateCommand($"notify {Channel}");
                await command.ExecuteNonQueryAsync(stoppingToken);
                await Task.Delay(s_pause, time, stoppingToken);
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

    [LoggerMessage(EventId = 9101, Level = LogLevel.Debug, Message = "A notice of changes was lost; other instances find the changes a little later")]
    private static partial void LogLost(ILogger logger, Exception exception);
}
