using Microsoft.Extensions.Logging;
using Npgsql;
using Slipway.Eventing.Brokers;
using Slipway.Eventing.Subscriptions;
using Slipway.Model;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Eventing.Log;

/// <summary>
/// Removes what is older than a Broker wants to keep, and what is too much. What a Trigger has not got yet is never
/// removed: when that alone fills the Broker, publishers are told to wait.
/// </summary>
internal sealed class LogKeeper(
    IResourceStore store, PostgresEventLog log, BrokerDirectory directory, ISubscriptionStore subscriptions, ProgressLedger ledger, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_every = TimeSpan.FromMinutes(1);

    /// <summary>How long an event that is sent again is known.</summary>
    private static readonly TimeSpan s_seen = TimeSpan.FromHours(24);

    private static readonly TimeSpan s_skipped = TimeSpan.FromDays(30);

    public async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            await Task.Delay(s_every, time, stopping);
            try
            {
                await RoundAsync(stopping);
            }
            catch (Exception failed) when (failed is NpgsqlException or TimeoutException or IOException)
            {
                EventingLog.TrimFailed(logger, failed);
            }
        }
    }

    public async Task RoundAsync(CancellationToken cancellation)
    {
        await ledger.TryStoreAsync(cancellation);
        var triggers = store.List(Kinds.Trigger).Items;
        var now = time.GetUtcNow();
        foreach (var broker in directory.All.ToList())
        {
            var needed = await NeededAsync(broker.Topic, triggers, cancellation);
            for (var partition = 0; partition < broker.Topic.Partitions; partition++)
            {
                await log.TrimAsync(
                    broker.Topic, partition, now - broker.Retention, broker.RetentionBytes / broker.Topic.Partitions, needed[partition], cancellation);
            }
        }

        await log.ForgetSeenAsync(now - s_seen, cancellation);
        await subscriptions.CleanAsync([.. triggers.Select(trigger => trigger.Uid)], now - s_skipped, cancellation);
    }

    /// <summary>The first place of each partition that somebody still needs.</summary>
    private async Task<long[]> NeededAsync(Topic topic, IReadOnlyList<Resource> triggers, CancellationToken cancellation)
    {
        var needed = Enumerable.Range(0, topic.Partitions).Select(partition => log.Range(topic, partition).End).ToArray();
        foreach (var trigger in triggers.Where(trigger => trigger.Namespace == topic.Name.Namespace
            && trigger.Read("spec", KindsJson.Default.TriggerSpec)?.Broker == topic.Name.Name))
        {
            // Opening without starting points reads the positions that are stored.
            foreach (var position in await subscriptions.OpenAsync(trigger.Uid, [], cancellation))
            {
                needed[position.Partition] = Math.Min(needed[position.Partition], position.Place);
            }
        }

        return needed;
    }
}
