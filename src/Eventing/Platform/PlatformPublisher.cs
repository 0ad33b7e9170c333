using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Slipway.Eventing.Events;
using Slipway.Model.Defaulting;
using Slipway.Model.Eventing;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Eventing.Platform;

/// <summary>
/// Tells in the topic <c>platform-events</c> what happens to containers and services, and what they use. Nobody may be held
/// up by it: at most 2,048 wait, and what comes when they do is dropped and counted in the log.
/// </summary>
internal sealed class PlatformPublisher(IResourceStore store, Func<string, string, IReadOnlyList<CloudEvent>, CancellationToken, Task<bool>> publish, TimeProvider time, ILogger logger)
{
    public const string Namespace = "default";
    public const string Topic = "platform-events";

    private const int WaitingMax = 2_048;
    private const int BatchMax = 200;
    private const int Tries = 30;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly Channel<CloudEvent> _waiting = Channel.CreateBounded<CloudEvent>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });
    private int _dropped;

    public void Tell(CloudEvent news)
    {
        if (!_waiting.Writer.TryWrite(news))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    public Task RunAsync(CancellationToken stopping) =>
        Task.WhenAll(PublishAsync(stopping), FollowAsync(Kinds.Pod, stopping), FollowAsync(Kinds.Revision, stopping), FollowAsync(Kinds.Service, stopping));

    /// <summary>The topic is there unless somebody has made one of that name; its settings are theirs to change.</summary>
    public async Task<Failure?> EnsureTopicAsync(CancellationToken cancellation)
    {
        if (store.Get(new ResourceKey(Kinds.Broker, Namespace, Topic)) is not null)
        {
            return null;
        }

        // Signed, so that nobody else speaks in the platform's name unnoticed.
        var annotations = new JsonObject { [EventingNames.Publishers] = EventingNames.Signed };
        var draft = new JsonObject { ["metadata"] = new JsonObject { ["name"] = Topic, ["namespace"] = Namespace, ["annotations"] = annotations } };
        Defaults.Apply(Kinds.Broker, draft, null);
        var made = await store.CreateAsync(Resource.FromJson(Kinds.Broker, draft), WriteOptions.Default, cancellation);
        return made.Failure is { Kind: not FailureKind.AlreadyExists } failure ? failure : null;
    }

    private async Task FollowAsync(ResourceKind kind, CancellationToken stopping)
    {
        while (true)
        {
            if (store.Watch(kind, store.Version) is { Succeeded: true } watch)
            {
                using (watch.Value)
                {
                    while (await watch.Value.NextAsync(stopping) is { Succeeded: true } changes)
                    {
                        foreach (var news in changes.Value.Select(PlatformNews.Of).OfType<CloudEvent>())
                        {
                            Tell(news);
                        }
                    }
                }
            }

            await Task.Delay(s_pause, time, stopping);
        }
    }

    private async Task PublishAsync(CancellationToken stopping)
    {
        while (await _waiting.Reader.WaitToReadAsync(stopping))
        {
            var batch = new List<CloudEvent>();
            while (batch.Count < BatchMax && _waiting.Reader.TryRead(out var news))
            {
                batch.Add(news);
            }

            var tries = 1;
            while (!await publish(Namespace, Topic, batch, stopping) && tries++ < Tries)
            {
                await Task.Delay(s_pause, time, stopping);
            }

            var dropped = Interlocked.Exchange(ref _dropped, 0) + (tries > Tries ? batch.Count : 0);
            if (dropped > 0)
            {
                EventingLog.PlatformEventsDropped(logger, dropped);
            }
        }
    }
}
