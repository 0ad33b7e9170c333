using System.Collections.Frozen;

namespace Slipway.Model.Schema;

public enum ShapeType
{
    /// <summary>Named fields, listed in <see cref="Shape.Fields"/>.</summary>
    Object,

    /// <summary>A sequence of <see cref="Shape.Items"/>.</summary>
    List,

    /// <summary>Free keys with values of <see cref="Shape.Items"/>.</summary>
    Map,

    Text,
    Integer,
    Number,
    Boolean,

    /// <summary>A Kubernetes quantity: <c>500m</c>, <c>256Mi</c>, or a plain number.</summary>
    Quantity,

    /// <summary>A port: its number or its name.</summary>
    IntOrString,

    /// <summary>Kept as it is, whatever it contains.</summary>
    Any,
}

/// <summary>How the items of a list are told apart when two versions of the list are merged.</summary>
public enum ListMerge
{
    /// <summary>The newer list replaces the older one whole.</summary>
    Atomic,

    /// <summary>Primitive items; each value is there once.</summary>
    Set,

    /// <summary>Objects, identified by the fields in the key list.</summary>
    Keyed,
}

/// <summary>What may stand at one place of a manifest. Immutable; the whole tree is built once per process.</summary>
public sealed class Shape
{
    private readonly FrozenDictionary<string, Field> _byName;

    internal Shape(ShapeType type, string description, IReadOnlyList<Field>? fields = null, Shape? items = null)
    {
        Type = type;
        Description = description;
        Fields = fields ?? [];
        Items = items;
        _byName = Fields.ToFrozenDictionary(field => field.Name, StringComparer.Ordinal);
    }

    public ShapeType Type { get; }

    public string Description { get; }

    /// <summary>The OpenAPI format: <c>int32</c>, <c>int64</c>, <c>double</c>, <c>date-time</c>, <c>byte</c>, or nothing.</summary>
    public string? Format { get; init; }

    /// <summary>The fields of an object in the order in which documentation shows them; empty for every other type.</summary>
    public IReadOnlyList<Field> Fields { get; }

    /// <summary>What a list's items or a map's values look like.</summary>
    public Shape? Items { get; }

    /// <summary>The field that identifies an item in a strategic merge patch; null replaces the list.</summary>
    public string? PatchKey { get; init; }

    /// <summary>How server-side apply merges the list.</summary>
    public ListMerge ApplyMerge { get; init; }

    /// <summary>The fields that identify an item for server-side apply; empty unless <see cref="ApplyMerge"/> is keyed.</summary>
    public IReadOnlyList<string> ApplyKeys { get; init; } = [];

    /// <summary>True when a strategic merge patch adds primitive items instead of replacing the list.</summary>
    public bool PatchMergesPrimitives { get; init; }

    /// <summary>The values an enumerated text may take; empty when any is fine. Validation owns the refusal.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    public Field? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The shape at a path such as <c>spec.template.spec.containers</c>; lists and maps are stepped into silently.</summary>
    public Shape? At(params ReadOnlySpan<string> path)
    {
        var here = this;
        foreach (var name in path)
        {
            while (here is { Type: ShapeType.List or ShapeType.Map, Items: { } items })
            {
                here = items;
            }

            if (here.Find(name) is not { } field)
            {
                return null;
            }

            here = field.Shape;
        }

        return here;
    }
}

/// <summary>One named place of an object.</summary>
public sealed record Field(string Name, Shape Shape)
{
    public bool Required { get; init; }

    /// <summary>
    /// A field of the Kubernetes pod that is switched off here. Its empty value is dropped without a word, because clients
    /// that print whole structures send it; any other value is refused by validation.
    /// </summary>
    public bool Gated { get; init; }

    /// <summary>The value an absent key field counts as, for example <c>TCP</c> for a port's protocol.</summary>
    public string? Default { get; init; }
}
