using System.Text.Json;
using Slipway.Eventing.Log;
using Slipway.Model;
using Slipway.Model.Eventing;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Eventing.Brokers;

/// <summary>Opens a topic for every Broker, says where it is, and removes the topics whose Broker is gone.</summary>
internal sealed class BrokerReconciler(IResourceStore store, IEventLog log, BrokerDirectory directory, Uri address, TimeProvider time)
{
    private HashSet<string> _living = [];

    /// <summary>False when something could not be done and should be tried again.</summary>
    public async Task<bool> ReconcileAsync(CancellationToken cancellation)
    {
        var brokers = store.List(Kinds.Broker).Items.Where(broker => !broker.IsDeleting).ToList();
        var complete = true;
        foreach (var broker in brokers)
        {
            complete &= await OpenAsync(broker, cancellation);
        }

        var living = brokers.Select(broker => broker.Uid).ToHashSet();
        foreach (var gone in directory.All.Where(plan => !living.Contains(plan.Topic.Name.Uid)).ToList())
        {
            directory.Remove(gone);
        }

        if (!living.SetEquals(_living))
        {
            foreach (var topic in await log.ListAsync(cancellation))
            {
                if (!living.Contains(topic.Name.Uid))
                {
                    await log.DropAsync(topic, cancellation);
                }
            }

            _living = living;
        }

        return complete;
    }

    private async Task<bool> OpenAsync(Resource broker, CancellationToken cancellation)
    {
        var former = broker.Read("status", KindsJson.Default.BrokerStatus);
        var conditions = new Conditions(former?.Conditions, time.GetUtcNow());
        var opened = await log.OpenAsync(new TopicName(broker.Uid, broker.Namespace, broker.Name), BrokerPlan.PartitionsOf(broker), cancellation);
        if (opened.Failure is { } failure)
        {
            conditions.False("Addressable", "LogUnavailable", failure.Detail);
        }
        else
        {
            directory.Set(BrokerPlan.Of(broker, opened.Value));
            conditions.True("Addressable");
        }

        var status = new BrokerStatus
        {
            ObservedGeneration = broker.Metadata.Generation,
            Conditions = conditions.Summed(),
            Address = new BrokerAddress { Name = "http", Url = new Uri(address, $"/{broker.Namespace}/{broker.Name}").ToString() },
        };
        var said = await StatusWriter.WriteAsync(store, broker, JsonSerializer.SerializeToUtf8Bytes(status, KindsJson.Default.BrokerStatus), cancellation);
        return opened.Succeeded && said;
    }
}
