using System.Text.Json.Nodes;
using Slipway.Model.Eventing;
using Slipway.Model.Trees;

namespace Slipway.Model.Defaulting;

internal static class EventingDefaults
{
    public static void ApplyToBroker(JsonObject next, JsonObject? current)
    {
        if (next.Ensure("spec") is null || next.Ensure("metadata") is not { } metadata || metadata.Ensure("annotations") is not { } annotations)
        {
            return;
        }

        var stored = current.Object("metadata").Object("annotations");
        Set(annotations, EventingNames.BrokerClass, EventingNames.SlipwayClass);

        // The number of partitions decides where keys live, so a manifest that is silent about it keeps what there is.
        Set(annotations, EventingNames.Partitions, stored.Text(EventingNames.Partitions) ?? $"{EventingNames.PartitionsStandard}");
        Set(annotations, EventingNames.Retention, EventingNames.RetentionStandard);
        Set(annotations, EventingNames.RetentionBytes, EventingNames.RetentionBytesStandard);
        Set(annotations, EventingNames.Publishers, EventingNames.Open);
        Set(annotations, EventingNames.Schemas, EventingNames.Checked);
    }

    public static void ApplyToTrigger(JsonObject next)
    {
        var spec = next.Object("spec");
        if (spec.Text("broker") is { Length: > 0 } broker && next.Ensure("metadata")?.Ensure("labels") is { } labels)
        {
            labels[EventingNames.BrokerLabel] = broker;
        }

        if (next.Object("metadata").Text("namespace") is { Length: > 0 } @namespace)
        {
            foreach (var destination in new[] { spec.Object("subscriber"), spec.Object("delivery").Object("deadLetterSink") })
            {
                if (destination.Object("ref") is { } reference && !reference.Has("namespace"))
                {
                    reference["namespace"] = @namespace;
                }
            }
        }
    }

    private static void Set(JsonObject parent, string name, string value)
    {
        if (!parent.Has(name))
        {
            parent[name] = value;
        }
    }
}
