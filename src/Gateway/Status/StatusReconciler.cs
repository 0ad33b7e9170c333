using System.Text.Json;
using Microsoft.Extensions.Logging;
using Slipway.Gateway.Routing;
using Slipway.Model;
using Slipway.Model.Gateway;
using Slipway.Model.Platform;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Gateway.Status;

/// <summary>Writes the status of HTTPRoutes and TrafficPolicies. It looks at everything on each change; writing what is already there changes nothing.</summary>
internal sealed class StatusReconciler(IResourceStore store, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(1);
    private static readonly ResourceKind[] s_kinds = [Kinds.HttpRoute, Kinds.TrafficPolicy, Kinds.Service, Kinds.Route, Kinds.Secret];

    private readonly PictureReader _reader = new();

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Status is told as soon as it can be; a defect here must not end the gateway.
            catch (Exception trouble)
#pragma warning restore CA1031
            {
                GatewayLog.StatusFailed(logger, trouble);
                await Task.Delay(s_retryAfter, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellation)
    {
        var from = store.Version;
        await ReconcileAsync(cancellation).ConfigureAwait(false);
        var started = store.Watch(null, from);
        if (!started.Succeeded)
        {
            throw new InvalidOperationException(started.Failure!.ToString());
        }

        using var watch = started.Value;
        while (true)
        {
            var next = await watch.NextAsync(cancellation).ConfigureAwait(false);
            if (!next.Succeeded)
            {
                return;
            }

            if (next.Value.Any(change => Array.IndexOf(s_kinds, change.Resource.Kind) >= 0))
            {
                await ReconcileAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task ReconcileAsync(CancellationToken cancellation)
    {
        var picture = _reader.Read(store);
        if (picture.HttpRoutes.Count == 0 && picture.Policies.Count == 0)
        {
            return;
        }

        var services = picture.Services.Select(service => (service.Namespace, service.Name)).ToHashSet();
        var routes = picture.HttpRoutes.Select(route => (route.Namespace, route.Name)).ToHashSet();
        var planner = new StatusPlanner((space, name) => services.Contains((space, name)), (space, name) => routes.Contains((space, name)), time.GetUtcNow());
        foreach (var route in picture.HttpRoutes)
        {
            if (store.Get(new ResourceKey(Kinds.HttpRoute, route.Namespace, route.Name)) is { } resource)
            {
                var status = planner.Route(route, resource.Read("status", KindsJson.Default.HttpRouteStatus));
                await WriteAsync(resource, resource.With("status", status, KindsJson.Default.HttpRouteStatus), cancellation).ConfigureAwait(false);
            }
        }

        var winners = new Dictionary<(string, string, string), string>();
        foreach (var policy in PolicyOrder.OldestFirst(picture.Policies))
        {
            var target = (policy.Namespace, policy.Spec.TargetRef.Kind, policy.Spec.TargetRef.Name);
            winners.TryAdd(target, policy.Name);
            if (store.Get(new ResourceKey(Kinds.TrafficPolicy, policy.Namespace, policy.Name)) is { } resource)
            {
                var before = resource.Read("status", KindsJson.Default.TrafficPolicyStatus);
                var status = new TrafficPolicyStatus
                {
                    ObservedGeneration = resource.Metadata.Generation,
                    Conditions = [planner.Policy(policy, winners[target], before?.Conditions)],
                };
                await WriteAsync(resource, resource.With("status", status, KindsJson.Default.TrafficPolicyStatus), cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task WriteAsync(Resource current, Resource next, CancellationToken cancellation)
    {
        if (SaysTheSame(current.RawField("status"), next.RawField("status")))
        {
            return;
        }

        // A conflict means that somebody has just changed it: that change comes by the watch and is looked at then.
        var written = await store.ReplaceAsync(next, WriteOptions.Default, cancellation).ConfigureAwait(false);
        if (written.Failure is { Kind: Model.Failures.FailureKind.Unavailable } failure)
        {
            throw new InvalidOperationException(failure.ToString());
        }
    }

    /// <summary>By meaning: a database may order the members of an object as it likes.</summary>
    private static bool SaysTheSame(ReadOnlyMemory<byte> left, ReadOnlyMemory<byte> right)
    {
        if (left.IsEmpty || right.IsEmpty)
        {
            return left.IsEmpty && right.IsEmpty;
        }

        using var first = JsonDocument.Parse(left);
        using var second = JsonDocument.Parse(right);
        return JsonElement.DeepEquals(first.RootElement, second.RootElement);
    }
}
