using System.Collections.Frozen;
using Slipway.Model.Resources;

namespace Slipway.Model.Schema;

/// <summary>
/// What a manifest of each kind may contain: the one source of strict decoding, pruning, published documentation and
/// list merging.
/// </summary>
public static class Schemas
{
    private static readonly FrozenDictionary<ResourceKind, Shape> s_shapes = new Dictionary<ResourceKind, Shape>
    {
        [Kinds.Namespace] = CoreShapes.Namespace,
        [Kinds.Secret] = CoreShapes.Secret,
        [Kinds.ConfigMap] = CoreShapes.ConfigMap,
        [Kinds.ServiceAccount] = CoreShapes.ServiceAccount,
        [Kinds.Pod] = CoreShapes.Pod,
        [Kinds.Event] = CoreShapes.Event,
        [Kinds.CoreService] = CoreShapes.Service,
        [Kinds.Service] = ServingShapes.Service,
        [Kinds.Configuration] = ServingShapes.Configuration,
        [Kinds.Revision] = ServingShapes.Revision,
        [Kinds.Route] = ServingShapes.Route,
        [Kinds.HttpRoute] = PlatformShapes.HttpRoute,
        [Kinds.TrafficPolicy] = PlatformShapes.TrafficPolicy,
        [Kinds.Database] = PlatformShapes.Database,
        [Kinds.Broker] = EventingShapes.Broker,
        [Kinds.Trigger] = EventingShapes.Trigger,
        [Kinds.PrometheusRule] = MonitoringShapes.PrometheusRule,
        [Kinds.AlertmanagerConfig] = MonitoringShapes.AlertmanagerConfig,
        [Kinds.Job] = BatchShapes.Job,
        [Kinds.CronJob] = BatchShapes.CronJob,
    }.ToFrozenDictionary();

    /// <summary>The shape of a whole object of this kind, type fields and metadata included.</summary>
    public static Shape For(ResourceKind kind) =>
        s_shapes.TryGetValue(kind, out var shape)
            ? shape
            : throw new ArgumentException($"{kind} has no schema; add one to {nameof(Schemas)}.", nameof(kind));
}
