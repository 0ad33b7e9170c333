using System.Net.Http.Headers;
using System.Text;
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
    OutboxStore store, Database.Database database, EventSink sink, WakeSignal signal, OutboxMetrics metrics, TimeProvider time, ILogger<OutboxRelay> logger) : BackgroundService
{
    private const long Lock = 0x51_1B_3A_7E_5C_4E_0D_03;
    private const int BatchMax = 500;
    private const int KeysAtOnce = 8;

    /// <summary>Long enough for the writer's commit to be seen.</summary>
    private static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_lead = TimeSpan.FromSeconds(2);

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
                    await Task.Delay(s_gather, time, cancellation);
                }
            }
        }
    }

    /// <summary>Sends one batch and says how many events arrived.</summary>
    private async Task<int> RelayAsync(CancellationToken cancellation)
    {
        var due = await store.DueAsync(BatchMax, cancellation);
        var sent = 0;
        await Parallel.ForEachAsync(
            due.GroupBy(waiting => waiting.PartitionKey),
            new ParallelOptions { MaxDegreeOfParallelism = KeysAtOnce, CancellationToken = cancellation },
            async (key, token) => Interlocked.Add(ref sent, await RelayKeyAsync(key.Key, [.. key], token)));
        return sent;
    }

    private async Task<int> RelayKeyAsync(string key, IReadOnlyList<WaitingEvent> events, CancellationToken cancellation)
    {
        var sent = new List<long>(events.Count);
        WaitingEvent? refused = null;
        string? error = null;
        foreach (var waiting in events)
        {
            error = await sink.SendAsync(waiting.Event, cancellation);
            if (error is not null)
            {
                refused = waiting;
                break;
            }

            sent.Add(waiting.Position);
        }

        if (sent.Count > 0)
        {
            metrics.Sent(sent.Count);
            await store.SentAsync(key, sent, cancellation);
        }

        if (refused is not null)
        {
            metrics.Refused();
            var attempts = await store.RefusedAsync(refused, error!, Random.Shared.NextDouble(), cancellation);
            if (attempts >= RelayBackoff.AttemptsMax)
            {
                LogDead(logger, refused.Id, key, attempts, error!);
            }
        }

        return sent.Count;
    }

    [LoggerMessage(EventId = 8501, Level = LogLevel.Error, Message = "The event {EventId} was refused {Attempts} times and is given up; later events of {Key} wait behind it: {Error}")]
    private static partial void LogDead(ILogger logger, Guid eventId, string key, int attempts, string error);

    [LoggerMessage(EventId = 8502, Level = LogLevel.Warning, Message = "Events could not be sent on; tried again in a moment")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}

/// <summary>Where events go.</summary>
internal sealed class EventSink : IDisposable
{
    private static readonly MediaTypeHeaderValue s_mediaType = new(CloudEvent.MediaType) { CharSet = "utf-8" };

    private readonly HttpClient _client;
    private readonly Uri _address;
    private readonly string _host;

    /// <param name="address">Where to connect; names below .localhost are in no name server.</param>
    /// <param name="host">Which name to say there.</param>
    public EventSink(Uri address, string host)
    {
        (_address, _host) = (address, host);
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(2), MaxConnectionsPerServer = 16 })
        {
            Timeout = TimeSpan.FromSeconds(10),
            MaxResponseContentBufferSize = 64 * 1024,
        };
    }

    /// <summary>Null when the event has arrived, else why not.</summary>
    public async Task<string?> SendAsync(string document, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(document)) };
        request.Content.Headers.ContentType = s_mediaType;
        request.Headers.Host = _host;
        try
        {
            using var answer = await _client.SendAsync(request, cancellation);
            return answer.IsSuccessStatusCode ? null : $"The sink answered {(int)answer.StatusCode}.";
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return $"The sink could not be reached: {exception.Message}";
        }
    }

    public void Dispose() => _client.Dispose();
}
