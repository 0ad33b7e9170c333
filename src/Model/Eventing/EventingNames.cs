namespace Slipway.Model.Eventing;

/// <summary>Annotations and labels of Brokers and Triggers, with the values they may have.</summary>
public static class EventingNames
{
    public const string BrokerClass = "eventing.knative.dev/broker.class";

    public const string SlipwayClass = "Slipway";

    /// <summary>On Triggers, so that those of one Broker can be selected.</summary>
    public const string BrokerLabel = "eventing.knative.dev/broker";

    public const string Partitions = "slipway.dev/partitions";

    public const int PartitionsStandard = 3;

    public const int PartitionsMax = 64;

    public const string Retention = "slipway.dev/retention";

    public const string RetentionStandard = "P7D";

    public const string RetentionBytes = "slipway.dev/retention-bytes";

    public const string RetentionBytesStandard = "1Gi";

    public const string Publishers = "slipway.dev/publishers";

    public const string Open = "open";

    public const string Signed = "signed";

    public const string Schemas = "slipway.dev/schemas";

    public const string Checked = "checked";

    public const string Enforced = "enforced";

    public const string Paused = "slipway.dev/paused";

    public const string Start = "slipway.dev/start";

    public const string Latest = "latest";

    public const string Earliest = "earliest";

    public const string Concurrency = "slipway.dev/concurrency";

    public const int ConcurrencyStandard = 32;

    public const int ConcurrencyMax = 512;
}
