using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Model.Resources;

/// <summary>
/// The metadata every resource carries. Properties have setters because the JSON source generator loses the defaults of
/// <c>init</c> properties; nobody changes an instance after it was built, <c>with</c> makes the next version.
/// </summary>
public sealed record ObjectMeta
{
    public string? Name { get; set; }

    public string? GenerateName { get; set; }

    public string? Namespace { get; set; }

    public string? Uid { get; set; }

    /// <summary>Decimal text of the store-wide counter; empty in a draft that no store has seen.</summary>
    public string? ResourceVersion { get; set; }

    public long Generation { get; set; }

    public DateTimeOffset? CreationTimestamp { get; set; }

    public DateTimeOffset? DeletionTimestamp { get; set; }

    public long? DeletionGracePeriodSeconds { get; set; }

    public Dictionary<string, string>? Labels { get; set; }

    public Dictionary<string, string>? Annotations { get; set; }

    public List<OwnerReference>? OwnerReferences { get; set; }

    public List<string>? Finalizers { get; set; }

    public List<JsonElement>? ManagedFields { get; set; }

    [JsonIgnore]
    public long Version => long.TryParse(ResourceVersion, out var version) ? version : 0;

    public string? Label(string key) => Labels is not null && Labels.TryGetValue(key, out var value) ? value : null;

    public string? Annotation(string key) => Annotations is not null && Annotations.TryGetValue(key, out var value) ? value : null;

    /// <summary>The one owner that controls this object, if there is one.</summary>
    public OwnerReference? ControllerOwner() => OwnerReferences?.FirstOrDefault(owner => owner.Controller == true);
}

public sealed record OwnerReference
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public string Name { get; set; } = "";

    public string Uid { get; set; } = "";

    public bool? Controller { get; set; }

    public bool? BlockOwnerDeletion { get; set; }
}
