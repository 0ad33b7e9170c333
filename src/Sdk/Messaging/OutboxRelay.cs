using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Slipway.Sdk.Database;

namespace Slipway.Sdk.Messaging;

/// <summary>
/// Sends on what lies in the outbox. Of all instances one does so at a time: the holder of a lock that ends with its connection.
/// Keys go side by side, the events of a key one after the other.
/// </summary>
internal sealed partial class OutboxRelay(
    OutboxStore store, Database.Database database, EventSender sender, WakeSignal signal, OutboxMetrics metrics, TimeProvider time, ILogger<OutboxRelay> logger) : BackgroundService
{
    private const long Lock = 0x51_1B_3A_7E_5C_4E_0D_03;
    private const int BatchMax = 500;
    private const int KeysAtOnce = 8;

    /// <summary>Writers call before they commit: these are the pauses between looks until their rows are seen.</summary>
    private static readonly TimeSpan[] s_commits = [.. new[] { 1, 2, 4, 8, 16, 32 }.Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds))];
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_lead = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_away = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.Single.OpenConnectionAsync(stoppingToken);
                if (await connection.Command("select pg_try_advisory_lock($1)", Lock).OneAsync(row => row.GetBoolean(0), stoppingToken))
                {
                    await LeadAsync(connection, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The events are safe where they are; a new connection and a new lock begin again from there.
                LogFailed(logger, exception);
            }

            await Task.Delay(s_lead, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LeadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            // A lost connection means a lost lock, and somebody else may lead already.
            await connection.Command("select 1").ExecuteAsync(cancellation);
            if (await RelayAsync(cancellation) == 0)
            {
                metrics.State = await store.StateAsync(cancellation);
                if (await signal.WaitAsync(s_look, cancellation))
                {
                    await GatherAsync(cancellation);
                }
            }
        }
    }

    private async Task GatherAsync(CancellationToken cancellation)
    {
        foreach (var pause in s_commits)
        {
            await Task.Delay(pause, time, cancellation);
            if (await RelayAsync(cancellation) > 0)
            {
                return;
            }
        }
    }

    /// <summary>Sends one batch and says how many events arrived.</summary>
    private async Task<int> RelayAsync(CancellationToken cancellation)
    {
        var due = await store.DueAsync(BatchMax, cancellation);
        var sent = 0;
        foreach (var topic in due.GroupBy(waiting => waiting.Topic))
        {
            sent += sender.TakesBatches(topic.Key) ? await RelayTopicAsync(topic.Key, [.. topic], cancellation) : await RelayKeysAsync(topic, cancellation);
        }

        return sent;
    }

    /// <summary>
    /// The order of a topic is the order of each of its keys. When the broker refuses something in it, every key goes by itself, so that
    /// only the refused event's key waits.
    /// </summary>
    private async Task<int> RelayTopicAsync(string? topic, IReadOnlyList<WaitingEvent> events, CancellationToken cancellation)
    {
        var arrived = 0;
        foreach (var batch in Batches(events))
        {
            var sending = await sender.SendAsync(topic, batch, cancellation);
            if (sending.Error is not null)
            {
                metrics.Refused();
                if (!sending.Passing)
                {
                    return arrived + await RelayKeysAsync(batch, cancellation);
                }

                // The rows stay as they are, and everything is tried again after the pause.
                LogAway(logger, topic, sending.Error);
                await Task.Delay(s_away, time, cancellation);
                return arrived;
            }

            metrics.Sent(batch.Count);
            await store.SentAsync(batch, cancellation);
            arrived += batch.Count;
        }

        return arrived;
    }

    private static IEnumerable<IReadOnlyList<WaitingEvent>> Batches(IReadOnlyList<WaitingEvent> events)
    {
        var batch = new List<WaitingEvent>();
        var bytes = 0L;
        foreach (var waiting in events)
        {
            // A character takes three bytes at most here; four-byte characters are two of them.
            var size = 3L * waiting.Event.Length;
            if (batch.Count > 0 && bytes + size > EventSender.BatchBytesMax)
            {
                yield return batch;
                (batch, bytes) = ([], 0);
            }

            batch.Add(waiting);
            bytes += size;
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    private async Task<int> RelayKeysAsync(IEnumerable<WaitingEvent> events, CancellationToken cancellation)
    {
        var sent = 0;
        await Parallel.ForEachAsync(
            events.GroupBy(waiting => waiting.PartitionKey),
            new ParallelOptions { MaxDegreeOfParallelism = KeysAtOnce, CancellationToken = cancellation },
            async (key, token) => Interlocked.Add(ref sent, await RelayKeyAsync(key.Key, [.. key], token)));
        return sent;
    }

    private async Task<int> RelayKeyAsync(string key, IReadOnlyList<WaitingEvent> events, CancellationToken cancellation)
    {
        var sent = new List<WaitingEvent>(events.Count);
        WaitingEvent? refused = null;
        var sending = Sending.Arrived;
        foreach (var waiting in events)
        {
            sending = await sender.SendAsync(waiting, cancellation);
            if (sending.Error is not null)
            {
                refused = waiting;
                break;
            }

            sent.Add(waiting);
        }

        if (sent.Count > 0)
        {
            metrics.Sent(sent.Count);
            await store.SentAsync(sent, cancellation);
        }

        if (refused is not null)
        {
            metrics.Refused();
            var attempts = await store.RefusedAsync(refused, sending.Error!, sending.Passing, Random.Shared.NextDouble(), cancellation);
            if (attempts >= RelayBackoff.AttemptsMax && !sending.Passing)
            {
                LogDead(logger, refused.Id, key, attempts, sending.Error!);
            }
        }

        return sent.Count;
    }

    [LoggerMessage(EventId = 8501, Level = LogLevel.Error, Message = "The event {EventId} was refused {Attempts} times and is given up; later events of {Key} wait behind it: {Error}")]
    private static partial void LogDead(ILogger logger, Guid eventId, string key, int attempts, string error);

    [LoggerMessage(EventId = 8503, Level = LogLevel.Warning, Message = "The broker cannot take events of {Topic} now; tried again in a second: {Error}")]
    private static partial void LogAway(ILogger logger, string? topic, string error);

    [LoggerMessage(EventId = 8502, Level = LogLevel.Warning, Message = "Events could not be sent on; tried again in a moment")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
