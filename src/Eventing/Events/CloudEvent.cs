namespace Slipway.Eventing.Events;

/// <summary>
/// One event of CloudEvents 1.0, as it travels: attributes in their canonical text form, and data nobody here looks into.
/// </summary>
internal sealed class CloudEvent
{
    private readonly KeyValuePair<string, string>[] _attributes;

    /// <param name="attributes">Without specversion; id, source and type are among them.</param>
    /// <param name="data">Null when the event has none.</param>
    public CloudEvent(IEnumerable<KeyValuePair<string, string>> attributes, ReadOnlyMemory<byte>? data)
    {
        _attributes = [.. attributes];
        Data = data;
        Id = Attribute("id") ?? "";
        Source = Attribute("source") ?? "";
        Type = Attribute("type") ?? "";
    }

    public string Id { get; }

    public string Source { get; }

    public string Type { get; }

    public string? Subject => Attribute("subject");

    public string? DataContentType => Attribute("datacontenttype");

    public IReadOnlyList<KeyValuePair<string, string>> Attributes => _attributes;

    public ReadOnlyMemory<byte>? Data { get; }

    /// <summary>Events with the same key stay in order.</summary>
    public string Key => Attribute("partitionkey") is { Length: > 0 } key ? key : Subject is { Length: > 0 } subject ? subject : Id;

    public bool HasJsonData => DataContentType is not { } type || MediaTypes.IsJson(type);

    /// <summary>About how much memory and disk it takes.</summary>
    public int Size => (Data?.Length ?? 0) + _attributes.Sum(attribute => attribute.Key.Length + attribute.Value.Length);

    public string? Attribute(string name)
    {
        foreach (var (known, value) in _attributes)
        {
            if (known == name)
            {
                return value;
            }
        }

        return name == "specversion" ? "1.0" : null;
    }

    public CloudEvent With(string name, string value) =>
        new([.. _attributes.Where(attribute => attribute.Key != name), new(name, value)], Data);
}
