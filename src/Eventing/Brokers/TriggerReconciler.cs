using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.Eventing.Delivery;
using Slipway.Model;
using Slipway.Model.Eventing;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Eventing.Brokers;

/// <summary>Keeps one worker for every Trigger that can work, and says of the others why they cannot.</summary>
internal sealed class TriggerReconciler(
    IResourceStore store, BrokerDirectory brokers, SubscriberResolver subscribers, DeliveryParts parts, Action changed, TimeProvider time) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, TriggerWorker> _workers = new();

    /// <summary>Those that push events now.</summary>
    public IEnumerable<TriggerWorker> Workers => _workers.Values;

    public TriggerWorker? Worker(string uid) => _workers.GetValueOrDefault(uid);

    /// <summary>False when something could not be said and should be tried again.</summary>
    public async Task<bool> ReconcileAsync(CancellationToken cancellation)
    {
        var triggers = store.List(Kinds.Trigger).Items.Where(trigger => !trigger.IsDeleting).ToList();
        var living = triggers.Select(trigger => trigger.Uid).ToHashSet();
        foreach (var (uid, _) in _workers.Where(worker => !living.Contains(worker.Key)).ToList())
        {
            await StopAsync(uid);
        }

        var complete = true;
        foreach (var trigger in triggers)
        {
            complete &= await ReconcileAsync(trigger, cancellation);
        }

        return complete;
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_workers.Keys.ToList().Select(StopAsync));

    private async Task<bool> ReconcileAsync(Resource trigger, CancellationToken cancellation)
    {
        var former = trigger.Read("status", KindsJson.Default.TriggerStatus);
        var spec = trigger.Read("spec", KindsJson.Default.TriggerSpec) ?? new TriggerSpec();
        var conditions = new Conditions(former?.Conditions, time.GetUtcNow());
        var broker = brokers.Find(trigger.Namespace, spec.Broker);
        if (broker is null)
        {
            conditions.False("BrokerReady", "BrokerNotFound", $"There is no Broker \"{spec.Broker}\" in namespace \"{trigger.Namespace}\".");
        }
        else
        {
            conditions.True("BrokerReady");
        }

        var subscriber = subscribers.Resolve(spec.Subscriber, trigger.Namespace);
        Say(conditions, "SubscriberResolved", subscriber.Failure);
        var sinkAsked = spec.Delivery?.DeadLetterSink ?? broker?.Delivery?.DeadLetterSink;
        var sink = sinkAsked is null ? default : subscribers.Resolve(sinkAsked, trigger.Namespace);
        Say(conditions, "DeadLetterSinkResolved", sinkAsked is null ? null : sink.Failure);

        var paused = trigger.Metadata.Annotation(EventingNames.Paused) == "true";
        if (broker is not null && subscriber.Succeeded && (sinkAsked is null || sink.Succeeded))
        {
            await WorkAsync(PlanOf(trigger, spec, broker, subscriber.Value, sinkAsked is null ? null : sink.Value) with { Paused = paused });
        }
        else if (broker is null)
        {
            await StopAsync(trigger.Uid);
        }

        Working(conditions, trigger, paused);
        var status = new TriggerStatus
        {
            ObservedGeneration = trigger.Metadata.Generation,
            Conditions = conditions.Summed(),
            SubscriberUri = subscriber.Succeeded ? subscriber.Value.Address.ToString() : null,
            DeadLetterSinkUri = sinkAsked is not null && sink.Succeeded ? sink.Value.Address.ToString() : null,
        };
        return await StatusWriter.WriteAsync(store, trigger, JsonSerializer.SerializeToUtf8Bytes(status, KindsJson.Default.TriggerStatus), cancellation);
    }

    /// <summary>A Trigger is ready when its positions are stored: whatever is published from then on reaches it.</summary>
    private void Working(Conditions conditions, Resource trigger, bool paused)
    {
        if (Worker(trigger.Uid) is not { } worker)
        {
            conditions.Unknown("DependencyReady", "NotStarted", "It starts when the claims beside this one hold.");
        }
        else if (!worker.Opened.IsCompletedSuccessfully)
        {
            conditions.Unknown("DependencyReady", "Starting", "Its position in the Broker is being stored.");
        }
        else
        {
            conditions.True("DependencyReady");
        }

        if (paused)
        {
            conditions.False("Delivering", "Paused", $"The annotation {EventingNames.Paused} is true; events wait in the Broker.", "Info");
        }
    }

    private static void Say(Conditions conditions, string type, Failure? failure)
    {
        if (failure is null)
        {
            conditions.True(type);
        }
        else
        {
            conditions.False(type, failure.Code, failure.Detail);
        }
    }

    private async Task WorkAsync(TriggerPlan plan)
    {
        if (Worker(plan.Uid) is { } running)
        {
            if (running.Plan.Fingerprint == plan.Fingerprint)
            {
                return;
            }

            await StopAsync(plan.Uid);
        }

        var worker = new TriggerWorker(plan, parts);
        _workers[plan.Uid] = worker;
        worker.Start();
        _ = worker.Opened.ContinueWith(_ => changed(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }

    private async Task StopAsync(string uid)
    {
        if (_workers.TryRemove(uid, out var worker))
        {
            await worker.DisposeAsync();
        }
    }

    private static TriggerPlan PlanOf(Resource trigger, TriggerSpec spec, BrokerPlan broker, Subscriber subscriber, Subscriber? sink)
    {
        var metadata = trigger.Metadata;
        var concurrency = int.TryParse(metadata.Annotation(EventingNames.Concurrency), NumberStyles.None, CultureInfo.InvariantCulture, out var asked)
            ? Math.Clamp(asked, 1, EventingNames.ConcurrencyMax)
            : EventingNames.ConcurrencyStandard;
        var rules = DeliveryRules.Of(broker.Delivery, spec.Delivery);
        return new TriggerPlan
        {
            Uid = trigger.Uid,
            Namespace = trigger.Namespace,
            Name = trigger.Name,
            Topic = broker.Topic,
            Spec = spec,
            Subscriber = subscriber,
            DeadLetterSink = sink,
            Rules = rules,
            Concurrency = concurrency,
            Paused = metadata.Annotation(EventingNames.Paused) == "true",
            FromEarliest = metadata.Annotation(EventingNames.Start) == EventingNames.Earliest,
            Fingerprint = string.Join('\n', Encoding.UTF8.GetString(trigger.RawField("spec").Span), rules, concurrency, broker.Topic.Number, subscriber, sink, metadata.Annotation(EventingNames.Paused) == "true"),
        };
    }
}
