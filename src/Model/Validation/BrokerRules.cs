using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Model.Decoding;
using Slipway.Model.Eventing;
using Slipway.Model.Trees;
using Slipway.Model.Values;

namespace Slipway.Model.Validation;

/// <summary>Broker, and the delivery settings that Triggers have too.</summary>
internal static class BrokerRules
{
    private const int RetryMax = 100;

    private static readonly TimeSpan s_timeoutMax = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_delayMax = TimeSpan.FromHours(1);

    public static void Check(JsonObject next, JsonObject? current, FindingList findings)
    {
        const string Annotations = "metadata.annotations";
        var annotations = next.Object("metadata").Object("annotations");
        Choice(annotations, EventingNames.BrokerClass, findings, EventingNames.SlipwayClass);
        Choice(annotations, EventingNames.Publishers, findings, EventingNames.Open, EventingNames.Signed);
        Choice(annotations, EventingNames.Schemas, findings, EventingNames.Checked, EventingNames.Enforced);
        WholeNumber(annotations, EventingNames.Partitions, 1, EventingNames.PartitionsMax, findings);
        if (annotations.Text(EventingNames.Retention) is { } retention && (!IsoDuration.TryParse(retention, out var kept) || kept <= TimeSpan.Zero))
        {
            findings.Invalid(retention, FieldPath.Key(Annotations, EventingNames.Retention), IsoDuration.Phrase);
        }

        if (annotations.Text(EventingNames.RetentionBytes) is { } bytes && (!Quantity.TryParse(bytes, out var amount) || amount.Bytes < 1024 * 1024))
        {
            findings.Invalid(bytes, FieldPath.Key(Annotations, EventingNames.RetentionBytes), "must be a quantity of at least 1Mi, such as 1Gi");
        }

        if (current.Object("metadata").Object("annotations").Text(EventingNames.Partitions) is { } stored
            && annotations.Text(EventingNames.Partitions) is { } asked && stored != asked)
        {
            findings.Immutable(FieldPath.Key(Annotations, EventingNames.Partitions), $"events of one key would change places; the Broker has {stored}");
        }

        Delivery(next.Object("spec").Object("delivery"), "spec.delivery", findings);
    }

    public static void Delivery(JsonObject? delivery, string path, FindingList findings)
    {
        findings.Range(delivery.Whole("retry"), 0, RetryMax, FieldPath.Member(path, "retry"));
        Duration(delivery, "backoffDelay", path, s_delayMax, findings);
        Duration(delivery, "timeout", path, s_timeoutMax, findings);
        Duration(delivery, "retryAfterMax", path, s_delayMax, findings);
        if (delivery.Object("deadLetterSink") is { } sink)
        {
            TriggerRules.Destination(sink, FieldPath.Member(path, "deadLetterSink"), findings);
        }
    }

    public static void Choice(JsonObject? annotations, string name, FindingList findings, params string[] choices)
    {
        if (annotations.Text(name) is { } value && !choices.Contains(value))
        {
            findings.NotSupported(value, FieldPath.Key("metadata.annotations", name), choices);
        }
    }

    public static void WholeNumber(JsonObject? annotations, string name, int low, int high, FindingList findings)
    {
        if (annotations.Text(name) is { } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < low || number > high))
        {
            findings.Invalid(text, FieldPath.Key("metadata.annotations", name), $"must be a whole number from {low} to {high}");
        }
    }

    private static void Duration(JsonObject? parent, string name, string path, TimeSpan longest, FindingList findings)
    {
        if (parent.Text(name) is not { } text)
        {
            return;
        }

        if (!IsoDuration.TryParse(text, out var duration))
        {
            findings.Invalid(text, FieldPath.Member(path, name), IsoDuration.Phrase);
        }
        else if (duration > longest)
        {
            findings.Invalid(text, FieldPath.Member(path, name), $"must be at most {longest.TotalHours:0} h");
        }
    }
}
