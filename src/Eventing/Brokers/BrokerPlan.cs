using System.Globalization;
using Slipway.Eventing.Log;
using Slipway.Model;
using Slipway.Model.Eventing;
using Slipway.Model.Resources;
using Slipway.Model.Values;

namespace Slipway.Eventing.Brokers;

/// <summary>A Broker as publishers and retention see it.</summary>
internal sealed record BrokerPlan
{
    private static readonly TimeSpan s_retention = TimeSpan.FromDays(7);

    public required Topic Topic { get; init; }

    public DeliverySpec? Delivery { get; init; }

    /// <summary>Only services of this installation may publish, and say who they are.</summary>
    public bool SignedOnly { get; init; }

    /// <summary>Events that do not fit the schema of their type are refused, not only counted.</summary>
    public bool SchemasEnforced { get; init; }

    public TimeSpan Retention { get; init; }

    public long RetentionBytes { get; init; }

    public string Name => Topic.Name.Name;

    /// <summary>How many partitions a Broker asks for.</summary>
    public static int PartitionsOf(Resource broker) =>
        int.TryParse(broker.Metadata.Annotation(EventingNames.Partitions), NumberStyles.None, CultureInfo.InvariantCulture, out var partitions)
            ? Math.Clamp(partitions, 1, EventingNames.PartitionsMax)
            : EventingNames.PartitionsStandard;

    public static BrokerPlan Of(Resource broker, Topic topic)
    {
        var metadata = broker.Metadata;
        return new BrokerPlan
        {
            Topic = topic,
            Delivery = broker.Read("spec", KindsJson.Default.BrokerSpec)?.Delivery,
            SignedOnly = metadata.Annotation(EventingNames.Publishers) == EventingNames.Signed,
            SchemasEnforced = metadata.Annotation(EventingNames.Schemas) == EventingNames.Enforced,
            Retention = IsoDuration.TryParse(metadata.Annotation(EventingNames.Retention), out var retention) ? retention : s_retention,
            RetentionBytes = Quantity.TryParse(metadata.Annotation(EventingNames.RetentionBytes), out var bytes)
                ? bytes.Bytes
                : Quantity.Parse(EventingNames.RetentionBytesStandard).Bytes,
        };
    }
}
