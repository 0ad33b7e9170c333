using System.Text.Json.Serialization;
using Slipway.Telemetry.Alerts.Routing;
using Slipway.Telemetry.Alerts.Rules;
using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Alerts.Keeping;

/// <summary>An alert as it lies on the disk and as a message carries it.</summary>
internal sealed record KeptAlert
{
    public SortedDictionary<string, string> Labels { get; set; } = [];

    public SortedDictionary<string, string> Annotations { get; set; } = [];

    public DateTimeOffset StartsAt { get; set; }

    public DateTimeOffset? EndsAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public string GeneratorUrl { get; set; } = "";

    public static KeptAlert Of(Alert alert) => new()
    {
        Labels = Sorted(alert.Labels),
        Annotations = new SortedDictionary<string, string>(alert.Annotations.ToDictionary(), StringComparer.Ordinal),
        StartsAt = alert.StartsAt,
        EndsAt = alert.EndsAt,
        UpdatedAt = alert.UpdatedAt,
        GeneratorUrl = alert.GeneratorUrl,
    };

    public Alert ToAlert() => new()
    {
        Labels = LabelSet.From(Labels),
        Annotations = Annotations,
        StartsAt = StartsAt,
        EndsAt = EndsAt,
        UpdatedAt = UpdatedAt,
        GeneratorUrl = GeneratorUrl,
    };

    public static SortedDictionary<string, string> Sorted(LabelSet labels)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var label in labels)
        {
            sorted[label.Name] = label.Value;
        }

        return sorted;
    }
}

/// <summary>The state of one rule.</summary>
internal sealed record KeptRule
{
    public string Id { get; set; } = "";

    public List<KeptInstance> Instances { get; set; } = [];
}

internal sealed record KeptInstance
{
    public SortedDictionary<string, string> Labels { get; set; } = [];

    public SortedDictionary<string, string> Annotations { get; set; } = [];

    public AlertPhase Phase { get; set; }

    public long ActiveAt { get; set; }

    public long? FiredAt { get; set; }

    public long? KeptSince { get; set; }

    public long? ResolvedAt { get; set; }

    public static KeptInstance Of(AlertInstance instance) => new()
    {
        Labels = KeptAlert.Sorted(instance.Labels),
        Annotations = new SortedDictionary<string, string>(instance.Annotations.ToDictionary(), StringComparer.Ordinal),
        Phase = instance.Phase,
        ActiveAt = instance.ActiveAt,
        FiredAt = instance.FiredAt,
        KeptSince = instance.KeptSince,
        ResolvedAt = instance.ResolvedAt,
    };

    public AlertInstance ToInstance() => new()
    {
        Labels = LabelSet.From(Labels),
        Annotations = Annotations,
        Phase = Phase,
        ActiveAt = ActiveAt,
        FiredAt = FiredAt,
        KeptSince = KeptSince,
        ResolvedAt = ResolvedAt,
    };
}

internal sealed record KeptRules
{
    public DateTimeOffset At { get; set; }

    public List<KeptRule> Rules { get; set; } = [];
}

internal sealed record KeptMatcher(string Name, MatchKind Kind, string Value);

internal sealed record KeptSilence
{
    public string Id { get; set; } = "";

    public List<KeptMatcher> Matchers { get; set; } = [];

    public DateTimeOffset StartsAt { get; set; }

    public DateTimeOffset EndsAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public string CreatedBy { get; set; } = "";

    public string Comment { get; set; } = "";

    public static KeptSilence Of(Silence silence) => new()
    {
        Id = silence.Id,
        Matchers = [.. silence.Matchers.Select(matcher => new KeptMatcher(matcher.Name, matcher.Kind, matcher.Value))],
        StartsAt = silence.StartsAt,
        EndsAt = silence.EndsAt,
        UpdatedAt = silence.UpdatedAt,
        CreatedBy = silence.CreatedBy,
        Comment = silence.Comment,
    };

    public Silence ToSilence() => new()
    {
        Id = Id,
        Matchers = [.. Matchers.Select(matcher => new LabelMatcher(matcher.Name, matcher.Kind, matcher.Value))],
        StartsAt = StartsAt,
        EndsAt = EndsAt,
        UpdatedAt = UpdatedAt,
        CreatedBy = CreatedBy,
        Comment = Comment,
    };
}

internal sealed record KeptTold
{
    public List<string> Firing { get; set; } = [];

    public List<string> Resolved { get; set; } = [];

    public DateTimeOffset At { get; set; }
}

internal sealed record KeptGroup
{
    public string Key { get; set; } = "";

    public string RouteId { get; set; } = "";

    public string Receiver { get; set; } = "";

    public SortedDictionary<string, string> Labels { get; set; } = [];

    public DateTimeOffset NextFlush { get; set; }

    public List<KeptAlert> Members { get; set; } = [];

    public Dictionary<string, KeptTold> Told { get; set; } = [];

    public static KeptGroup Of(AlertGroup group) => new()
    {
        Key = group.Key,
        RouteId = group.RouteId,
        Receiver = group.Receiver,
        Labels = KeptAlert.Sorted(group.Labels),
        NextFlush = group.NextFlush,
        Members = [.. group.Members.Values.Select(KeptAlert.Of)],
        Told = group.Told.ToDictionary(told => told.Key, told => new KeptTold { Firing = [.. told.Value.Firing], Resolved = [.. told.Value.Resolved], At = told.Value.At }),
    };

    public AlertGroup ToGroup() => new()
    {
        Key = Key,
        RouteId = RouteId,
        Receiver = Receiver,
        Labels = LabelSet.From(Labels),
        NextFlush = NextFlush,
        Members = Members.Select(member => member.ToAlert()).ToDictionary(member => member.Fingerprint),
        Told = Told.ToDictionary(told => told.Key, told => new Told(told.Value.Firing.ToHashSet(), told.Value.Resolved.ToHashSet(), told.Value.At)),
    };
}

/// <summary>The files of the alerts.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(KeptRules))]
[JsonSerializable(typeof(List<KeptAlert>))]
[JsonSerializable(typeof(List<KeptSilence>))]
[JsonSerializable(typeof(List<KeptGroup>))]
[JsonSerializable(typeof(Delivery.Notice))]
internal sealed partial class KeptJson : JsonSerializerContext;
