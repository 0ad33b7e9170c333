using System.Text;
using System.Text.Json.Nodes;
using Slipway.Model;
using Slipway.Model.Resources;
using Slipway.Model.Serving;
using Slipway.Runtime.Endpoints;
using Slipway.Runtime.Instances;
using Slipway.Store;

namespace Slipway.Simulation.Tests.World;

/// <summary>Developers who deploy, stop, delete and move traffic, visitors who send requests, and the machine's bad days.</summary>
internal sealed class Users(SimulatedWorld world)
{
    public const string Namespace = "demo";

    private static readonly string[] s_names = ["cart", "shop", "todo"];

    private readonly Dictionary<string, int> _versions = [];
    private readonly HashSet<string> _stopped = [];
    private readonly Dictionary<string, (Resource? Route, List<TrafficTarget> Traffic)> _traffic = [];

    public static IReadOnlyList<string> Services => s_names;

    public async Task ActAsync(Swarm swarm, TimeSpan step)
    {
        var minutes = step.TotalMinutes;
        foreach (var name in s_names)
        {
            if (Strikes(swarm.DeployPerMinute * minutes) || (swarm.DeployPerMinute > 0 && Find(name) is null))
            {
                await DeployAsync(name, bad: world.Dice.NextDouble() < swarm.BadDeploys);
            }

            if (Strikes(swarm.StopPerMinute * minutes))
            {
                await StopAsync(name, !_stopped.Contains(name));
            }

            if (Strikes(swarm.DeletePerMinute * minutes))
            {
                await DeleteAsync(name);
            }

            if (Strikes(swarm.TrafficMovePerMinute * minutes))
            {
                await MoveTrafficAsync(name);
            }

            Visit(name, swarm, step);
        }

        if (Strikes(swarm.CrashPerMinute * minutes) && AnyRunning() is { } fallen)
        {
            world.Driver.Crash(fallen);
        }

        if (Strikes(swarm.SicknessPerMinute * minutes) && AnyRunning() is { } victim)
        {
            if (world.Dice.Next(2) == 0)
            {
                world.Driver.FailLiveness(victim);
            }
            else
            {
                world.Driver.SetReady(victim, false);
            }
        }

        if (Strikes(swarm.RestartPerMinute * minutes))
        {
            await world.RestartAsync();
        }
    }

    /// <summary>A good version with all traffic on the newest, running: what every service should come to rest with.</summary>
    public async Task DeployGoodAsync()
    {
        foreach (var name in s_names)
        {
            await StopAsync(name, stop: false);
            await DeployAsync(name, bad: false);
        }
    }

    /// <summary>What made programs answer their probes with no has passed.</summary>
    public void HealPrograms()
    {
        foreach (var state in world.Driver.List())
        {
            if (world.Driver.Find(state.Id) is { Started: true, Ready: false, Failing: false })
            {
                world.Driver.SetReady(state.Id, true);
            }
        }
    }

    public void VisitOnce(string name) => Send(name, TimeSpan.FromMilliseconds(20));

    public Resource? Find(string name) => world.Store.Get(new ResourceKey(Kinds.Service, Namespace, name));

    private async Task DeployAsync(string name, bool bad)
    {
        var version = _versions[name] = _versions.GetValueOrDefault(name) + 1;
        var dice = world.Dice;
        var least = dice.Next(3) == 0 ? dice.Next(3) : 0;
        var annotations = new JsonObject
        {
            ["autoscaling.knative.dev/target"] = (1 + dice.Next(20)).ToString(),
            ["autoscaling.knative.dev/min-scale"] = least.ToString(),
            ["autoscaling.knative.dev/max-scale"] = (least + 1 + dice.Next(6)).ToString(),
            ["autoscaling.knative.dev/window"] = dice.Next(2) == 0 ? "20s" : "60s",
            ["slipway.dev/freeze-after"] = dice.Next(3) == 0 ? "never" : $"{5 + dice.Next(30)}s",
        };
        var manifest = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Namespace },
            ["spec"] = new JsonObject
            {
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["annotations"] = annotations },
                    ["spec"] = new JsonObject
                    {
                        ["containerConcurrency"] = dice.Next(3) == 0 ? 1 + dice.Next(5) : 0,
                        ["timeoutSeconds"] = 30,
                        ["containers"] = new JsonArray(new JsonObject
                        {
                            ["name"] = "user-container",
                            ["image"] = $"registry.test/{(bad ? "broken" : name)}:{version}",
                        }),
                    },
                },
                ["traffic"] = new JsonArray(new JsonObject { ["latestRevision"] = true, ["percent"] = 100 }),
            },
        };
        var draft = Resource.FromJson(Kinds.Service, manifest);
        if (Find(name) is { IsDeleting: false } existing)
        {
            await world.Store.ReplaceAsync(existing.WithRaw("spec", draft.RawField("spec")), WriteOptions.Default, default);
        }
        else
        {
            _stopped.Remove(name);
            await world.Store.CreateAsync(draft, WriteOptions.Default, default);
        }
    }

    private async Task StopAsync(string name, bool stop)
    {
        if (Find(name) is not { IsDeleting: false } service)
        {
            return;
        }

        var annotations = new Dictionary<string, string>(service.Metadata.Annotations ?? []);
        if (stop)
        {
            annotations[ServingNames.Stopped] = "true";
            _stopped.Add(name);
        }
        else
        {
            annotations.Remove(ServingNames.Stopped);
            _stopped.Remove(name);
        }

        await world.Store.ReplaceAsync(service.With(service.Metadata with { Annotations = annotations }), WriteOptions.Default, default);
    }

    /// <summary>With everything the service has made, as a collector of garbage would in the end.</summary>
    private async Task DeleteAsync(string name)
    {
        foreach (var kind in new[] { Kinds.Service, Kinds.Route, Kinds.Configuration, Kinds.Revision })
        {
            foreach (var resource in world.Store.List(kind, Namespace).Items
                .Where(resource => resource.Name == name || resource.Metadata.Label(ServingNames.Service) == name))
            {
                await world.Store.DeleteAsync(resource.Key, DeleteOptions.Default, default);
            }
        }
    }

    private async Task MoveTrafficAsync(string name)
    {
        var revisions = world.Store.List(Kinds.Revision, Namespace).Items
            .Where(revision => revision.Metadata.Label(ServingNames.Service) == name)
            .Select(revision => revision.Name)
            .ToList();
        if (revisions.Count == 0 || Find(name) is not { IsDeleting: false } service)
        {
            return;
        }

        var pinned = revisions[world.Dice.Next(revisions.Count)];
        var percent = world.Dice.Next(0, 101);
        var traffic = $$"""[{"revisionName":"{{pinned}}","latestRevision":false,"percent":{{percent}}},{"latestRevision":true,"percent":{{100 - percent}}}]""";
        var spec = JsonNode.Parse(service.RawField("spec").Span)!.AsObject();
        spec["traffic"] = JsonNode.Parse(traffic);
        await world.Store.ReplaceAsync(service.WithRaw("spec", Encoding.UTF8.GetBytes(spec.ToJsonString())), WriteOptions.Default, default);
    }

    private void Visit(string name, Swarm swarm, TimeSpan step)
    {
        // Visitors come in waves: the wave of each service has another length.
        var wave = 1 + Math.Sin(world.Time.GetUtcNow().ToUnixTimeSeconds() / (40.0 + name.Length * name[0]));
        var expected = swarm.RequestsPerSecond * wave * step.TotalSeconds;
        var count = (int)expected + (Strikes(expected - (int)expected) ? 1 : 0);
        for (var request = 0; request < count; request++)
        {
            var seconds = world.Dice.NextDouble() < swarm.LongRequests ? 45 * world.Dice.NextDouble() : 0.5 * world.Dice.NextDouble();
            Send(name, TimeSpan.FromSeconds(0.001 + seconds));
        }
    }

    private void Send(string name, TimeSpan duration)
    {
        var ticket = world.Dice.Next(100);
        foreach (var share in TrafficOf(name))
        {
            ticket -= share.Percent ?? 0;
            if (ticket < 0 && share.RevisionName is { } revision)
            {
                world.Plane.Traffic.Arrive(new RevisionKey(Namespace, revision), duration);
                return;
            }
        }
    }

    private List<TrafficTarget> TrafficOf(string name)
    {
        var route = world.Store.Get(new ResourceKey(Kinds.Route, Namespace, name));
        if (!_traffic.TryGetValue(name, out var known) || known.Route != route)
        {
            _traffic[name] = known = (route, route?.Read("status", KindsJson.Default.RouteStatus)?.Traffic ?? []);
        }

        return known.Traffic;
    }

    private string? AnyRunning()
    {
        var running = world.Driver.List().Where(state => state.Phase == InstancePhase.Running).ToList();
        return running.Count > 0 ? running[world.Dice.Next(running.Count)].Id : null;
    }

    private bool Strikes(double probability) => world.Dice.NextDouble() < probability;
}
