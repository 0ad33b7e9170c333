using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Slipway.Sdk.Database;

/// <summary>
/// Opens DB_POOL_MIN connections soon after the start, so that the first burst of calls does not wait for them; the pool keeps
/// that many. After the first call, not before it: a cold start has nothing to give away.
/// </summary>
internal sealed partial class PoolWarmth(Database database, MigrationGate gate, DatabaseOptions options, TimeProvider time, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var limit = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stoppingToken);
        if (await gate.WhatIsMissingAsync(either.Token) is not null)
        {
            return;
        }

        var opened = new List<NpgsqlConnection>();
        try
        {
            await Task.Delay(s_pause, time, either.Token);
            for (var i = 0; i < Math.Min(options.PoolMin, options.PoolMax); i++)
            {
                opened.Add(await database.Calls.OpenConnectionAsync(either.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException || DatabaseFailures.IsOutage(exception))
        {
            // Calls open their own connections then.
            LogCold(logger, exception);
        }
        finally
        {
            foreach (var connection in opened)
            {
                await connection.DisposeAsync();
            }
        }
    }

    [LoggerMessage(EventId = 8141, Level = LogLevel.Debug, Message = "The pool could not be warmed")]
    private static partial void LogCold(ILogger logger, Exception exception);
}
