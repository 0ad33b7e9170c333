using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using Slipway.Eventing.Brokers;
using Slipway.Eventing.Delivery;
using Slipway.Eventing.Events;
using Slipway.Eventing.Log;
using Slipway.Eventing.Platform;
using Slipway.Eventing.Schemas;
using Slipway.Eventing.Subscriptions;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Eventing;

/// <summary>Topics and subscriptions as Brokers and Triggers ask for them. Made by the composition root; doors are mapped on top.</summary>
public sealed class EventBus : IAsyncDisposable
{
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(2);

    private readonly IResourceStore _store;
    private readonly NpgsqlDataSource _database;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly HttpSubscribers _http;
    private readonly BrokerReconciler _brokers;
    private readonly LogKeeper _keeper;
    private readonly PostgresEventLog _log;
    private readonly PlatformPublisher _platform;

    public EventBus(EventBusSettings settings, IResourceStore store, NpgsqlDataSource database, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (Settings, _store, _database, _time) = (settings, store, database, time);
        _logger = loggers.CreateLogger<EventBus>();
        _log = new PostgresEventLog(database, time, loggers.CreateLogger<PostgresEventLog>());
        Subscriptions = new PostgresSubscriptions(database, time);
        Ledger = new ProgressLedger(Subscriptions, time, loggers.CreateLogger<ProgressLedger>());
        _http = new HttpSubscribers(settings.PlatformKey, time);
        _brokers = new BrokerReconciler(store, _log, Directory, settings.Address, time);
        var parts = new DeliveryParts(_log, Subscriptions, Ledger, _http, Figures, time, loggers.CreateLogger<TriggerWorker>());
        Triggers = new TriggerReconciler(store, Directory, new SubscriberResolver(store, settings.Gateway), parts, LookAgain, time);
        _keeper = new LogKeeper(store, _log, Directory, Subscriptions, Ledger, time, _logger);
        Schemas = new SchemaRegistry(database, time);
        _platform = new PlatformPublisher(store, PublishAsync, time, _logger);
    }

    internal EventBusSettings Settings { get; }

    internal IEventLog Log => _log;

    internal BrokerDirectory Directory { get; } = new();

    internal ISubscriptionStore Subscriptions { get; }

    internal ProgressLedger Ledger { get; }

    internal TriggerReconciler Triggers { get; }

    internal EventingFigures Figures { get; } = new();

    internal SchemaRegistry Schemas { get; }

    /// <summary>So many batches may be in memory at once.</summary>
    internal SemaphoreSlim BatchSlots { get; } = new(64);

    internal IResourceStore Store => _store;

    internal TimeProvider Time => _time;

    internal ILogger Logger => _logger;

    /// <summary>
    /// Tells something in the platform's own topic; it never waits and never fails. The same id told twice is one event.
    /// </summary>
    /// <param name="name">Such as <c>usage.recorded</c>.</param>
    public void TellOfPlatform(string name, string id, string subject, DateTimeOffset at, JsonObject data) =>
        _platform.Tell(PlatformNews.Event(name, id, subject, at, data));

    /// <summary>Makes the topic the platform speaks in, where it is missing.</summary>
    public Task<Failure?> EnsurePlatformTopicAsync(CancellationToken cancellation) => _platform.EnsureTopicAsync(cancellation);

    /// <summary>Makes its tables and reads what must be known before the first event. Call once, before the rest.</summary>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        await EventTables.EnsureAsync(_database, cancellation);
        await Schemas.LoadAsync(cancellation);
    }

    /// <summary>Works until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var work = new[]
        {
            _log.RunAsync(stopping), Ledger.RunAsync(stopping), _keeper.RunAsync(stopping), SyncAsync(stopping),
            _platform.RunAsync(stopping), FollowAsync(Kinds.Broker, stopping), FollowAsync(Kinds.Trigger, stopping), FollowAsync(Kinds.Service, stopping),
        };
        LookAgain();
        try
        {
            // One that fails must end the rest, or half a bus would go on.
            await await Task.WhenAny(work);
            await Task.WhenAll(work);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Told to stop.
        }
        finally
        {
            await Triggers.DisposeAsync();
        }

        await Ledger.TryStoreAsync(CancellationToken.None);
    }

    /// <summary>Appends events of the platform itself; false when nobody made that Broker or the log does not take them now.</summary>
    internal async Task<bool> PublishAsync(string @namespace, string broker, IReadOnlyList<CloudEvent> events, CancellationToken cancellation) =>
        Directory.Find(@namespace, broker) is { } plan && (await _log.AppendAsync(plan.Topic, events, cancellation)).Succeeded;

    public async ValueTask DisposeAsync()
    {
        await Triggers.DisposeAsync();
        Ledger.Dispose();
        BatchSlots.Dispose();
        _http.Dispose();
        Figures.Dispose();
    }

    private void LookAgain() => _changes.Writer.TryWrite(true);

    private async Task SyncAsync(CancellationToken stopping)
    {
        while (await _changes.Reader.WaitToReadAsync(stopping))
        {
            _changes.Reader.TryRead(out _);
            var complete = false;
            try
            {
                complete = await _brokers.ReconcileAsync(stopping) & await Triggers.ReconcileAsync(stopping);
            }
            catch (Exception failed) when (failed is NpgsqlException or TimeoutException or IOException)
            {
                EventingLog.SyncFailed(_logger, failed);
            }

            if (!complete)
            {
                _ = AgainAsync(stopping);
            }
        }
    }

    private async Task AgainAsync(CancellationToken stopping)
    {
        await Task.Delay(s_again, _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        LookAgain();
    }

    private async Task FollowAsync(ResourceKind kind, CancellationToken stopping)
    {
        while (true)
        {
            var watch = _store.Watch(kind, _store.Version);
            if (watch.Succeeded)
            {
                using (watch.Value)
                {
                    LookAgain();
                    while ((await watch.Value.NextAsync(stopping)).Succeeded)
                    {
                        LookAgain();
                    }
                }
            }

            await Task.Delay(s_again, _time, stopping);
        }
    }
}
