using System.Text.Json.Nodes;
using Slipway.Control.Reconciling;
using Slipway.Control.Routes;
using Slipway.Model.Resources;
using Slipway.Model.Serving;

namespace Slipway.Control.Services;

/// <summary>The Configuration and the Route a Service asks for: drafts without an existing child, next versions of one otherwise.</summary>
internal static class ServiceChildren
{
    private static readonly string[] s_forNobody = [ServingNames.LastApplied];
    private static readonly string[] s_forRouteOnly = [ServingNames.LastApplied, ServingNames.RolloutDuration];

    public static Resource Configuration(Resource service, Resource? existing)
    {
        var labels = Labels(service);
        labels[ServingNames.ServiceUid] = service.Uid;
        var annotations = Annotations(service, s_forRouteOnly, existing, ServingNames.Routes);
        var spec = RawJson.Object("template", RawJson.Field(service.RawField("spec"), "template"));
        return Child(Kinds.Configuration, service, existing, labels, annotations, spec);
    }

    public static Resource Route(Resource service, Resource? existing)
    {
        var annotations = Annotations(service, s_forNobody, existing, RouteRollouts.Annotation);
        return Child(Kinds.Route, service, existing, Labels(service), annotations, RouteSpec(service));
    }

    /// <summary>Whether the next version says anything new about metadata or spec.</summary>
    public static bool Differs(Resource existing, Resource wanted) =>
        !Same(existing.Metadata.Labels, wanted.Metadata.Labels)
        || !Same(existing.Metadata.Annotations, wanted.Metadata.Annotations)
        || !RawJson.Same(existing.RawField("spec"), wanted.RawField("spec"));

    private static Resource Child(
        ResourceKind kind,
        Resource service,
        Resource? existing,
        Dictionary<string, string> labels,
        Dictionary<string, string> annotations,
        ReadOnlyMemory<byte> spec)
    {
        if (existing is not null)
        {
            var metadata = existing.Metadata with { Labels = labels, Annotations = annotations };
            return existing.With(metadata).WithRaw("spec", spec);
        }

        var draft = new ObjectMeta
        {
            Name = service.Name,
            Namespace = service.Namespace,
            Labels = labels,
            Annotations = annotations,
            OwnerReferences = [Ownership.By(service)],
        };
        return new Resource(kind, draft, "{}"u8.ToArray()).WithRaw("spec", spec);
    }

    private static Dictionary<string, string> Labels(Resource service) =>
        new(service.Metadata.Labels ?? [], StringComparer.Ordinal) { [ServingNames.Service] = service.Name };

    /// <summary>The Service's annotations without the ones that are not for this child, and with the one the child keeps for itself.</summary>
    private static Dictionary<string, string> Annotations(Resource service, string[] without, Resource? existing, string kept)
    {
        var annotations = new Dictionary<string, string>(service.Metadata.Annotations ?? [], StringComparer.Ordinal);
        foreach (var name in without)
        {
            annotations.Remove(name);
        }

        annotations.Remove(kept);
        if (existing?.Metadata.Annotation(kept) is { } value)
        {
            annotations[kept] = value;
        }

        return annotations;
    }

    /// <summary>The Service's traffic, where an entry without a revision means this Service's Configuration.</summary>
    private static byte[] RouteSpec(Resource service)
    {
        var traffic = new JsonArray();
        var given = RawJson.Field(service.RawField("spec"), "traffic");
        if (!given.IsEmpty && JsonNode.Parse(given.Span) is JsonArray entries)
        {
            foreach (var entry in entries.OfType<JsonObject>())
            {
                var copy = entry.DeepClone().AsObject();
                if (string.IsNullOrEmpty(copy["revisionName"]?.GetValue<string>()))
                {
                    copy["configurationName"] = service.Name;
                }

                traffic.Add((JsonNode)copy);
            }
        }

        if (traffic.Count == 0)
        {
            traffic.Add((JsonNode)new JsonObject { ["configurationName"] = service.Name, ["latestRevision"] = true, ["percent"] = 100 });
        }

        return System.Text.Encoding.UTF8.GetBytes(new JsonObject { ["traffic"] = traffic }.ToJsonString());
    }

    private static bool Same(Dictionary<string, string>? one, Dictionary<string, string>? other)
    {
        one ??= [];
        other ??= [];
        return one.Count == other.Count && one.All(pair => other.TryGetValue(pair.Key, out var value) && value == pair.Value);
    }
}
