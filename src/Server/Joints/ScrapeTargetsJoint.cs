using System.Globalization;
using System.Net;
using Slipway.Model.Resources;
using Slipway.Model.Serving;
using Slipway.Runtime.Endpoints;
using Slipway.Runtime.Instances;
using Slipway.Store;
using Slipway.Telemetry.Collecting;

namespace Slipway.Server.Joints;

/// <summary>
/// Instances that run and may receive requests are those whose figures are fetched. A Service, or its template, may say
/// with the annotations Prometheus users know whether, where and at which port.
/// </summary>
internal sealed class ScrapeTargetsJoint(IInstanceDriver driver, IEndpointDirectory endpoints, IResourceStore store) : IScrapeTargets
{
    public const string Scrape = "prometheus.io/scrape";
    public const string Port = "prometheus.io/port";
    public const string Path = "prometheus.io/path";

    private const string StandardPath = "/metrics";

    public IReadOnlyList<ScrapeTarget> Now()
    {
        var targets = new List<ScrapeTarget>();
        foreach (var instance in driver.List())
        {
            var spec = instance.Spec;
            if (instance.Phase != InstancePhase.Running || instance.Address is not { } address || spec.OwnerKind != Kinds.Revision.Kind || !IsReady(instance))
            {
                continue;
            }

            var service = spec.Labels.GetValueOrDefault(ServingNames.Service) ?? spec.Owner;
            var said = new Said(
                store.Get(new ResourceKey(Kinds.Revision, spec.Namespace, spec.Owner)), store.Get(new ResourceKey(Kinds.Service, spec.Namespace, service)));
            var wish = said.Of(Scrape);
            if (string.Equals(wish, "false", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            targets.Add(new ScrapeTarget(
                spec.Namespace,
                service,
                spec.Owner,
                instance.Id,
                PortOf(said.Of(Port)) is { } port ? new IPEndPoint(address.Address, port) : address,
                said.Of(Path) is { Length: > 0 } path ? path.StartsWith('/') ? path : "/" + path : StandardPath,
                string.Equals(wish, "true", StringComparison.OrdinalIgnoreCase) ? ScrapeWish.Asked : ScrapeWish.Unsaid,
                spec.Http2));
        }

        return targets;
    }

    private bool IsReady(InstanceState instance) =>
        endpoints.Find(new RevisionKey(instance.Spec.Namespace, instance.Spec.Owner)).Ready.Any(ready => ready.InstanceId == instance.Id);

    private static int? PortOf(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 ? port : null;

    /// <summary>What the template says counts before what the Service says: it belongs to the very program.</summary>
    private readonly record struct Said(Resource? Revision, Resource? Service)
    {
        public string? Of(string annotation) => Revision?.Metadata.Annotation(annotation) ?? Service?.Metadata.Annotation(annotation);
    }
}
