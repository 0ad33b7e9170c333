namespace Slipway.Telemetry.Traces.Searching;

/// <summary>
/// Names of attributes and some of their values, for whoever writes a query. Learned from one span in sixteen that comes in; at most
/// 500 names and 200 values of each, of at most 128 characters. Safe for many threads.
/// </summary>
internal sealed class KnownTags
{
    private const int NamesMax = 500;
    private const int ValuesMax = 200;
    private const int TextMax = 128;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, SortedSet<string>> _ofSpan = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> _ofResource = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);

    public void Learn(SpanRecord span)
    {
        lock (_gate)
        {
            Learn(_ofSpan, span.Attributes);
            Learn(_ofResource, span.Resource);
            Learn(_ofResource, "service.name", span.Service);
            if (_names.Count < ValuesMax && span.Name.Length <= TextMax)
            {
                _names.Add(span.Name);
            }
        }
    }

    public IReadOnlyList<string> Names(bool resource)
    {
        lock (_gate)
        {
            return [.. (resource ? _ofResource : _ofSpan).Keys.Order(StringComparer.Ordinal)];
        }
    }

    /// <param name="tag">With or without the scope in front: <c>resource.service.name</c>, <c>.http.route</c>, <c>name</c>.</param>
    public IReadOnlyList<string> Values(string tag)
    {
        switch (tag)
        {
            case "status":
                return ["error", "ok", "unset"];
            case "kind":
                return ["client", "consumer", "internal", "producer", "server"];
            default:
                break;
        }

        lock (_gate)
        {
            if (tag is "name" or "rootName")
            {
                return [.. _names];
            }

            var (name, span, resource) = tag switch
            {
                "rootServiceName" => ("service.name", false, true),
                _ when tag.StartsWith("resource.", StringComparison.Ordinal) => (tag["resource.".Length..], false, true),
                _ when tag.StartsWith("span.", StringComparison.Ordinal) => (tag["span.".Length..], true, false),
                _ => (tag.TrimStart('.'), true, true),
            };
            var values = new SortedSet<string>(StringComparer.Ordinal);
            if (span && _ofSpan.TryGetValue(name, out var ofSpan))
            {
                values.UnionWith(ofSpan);
            }

            if (resource && _ofResource.TryGetValue(name, out var ofResource))
            {
                values.UnionWith(ofResource);
            }

            return [.. values];
        }
    }

    private static void Learn(Dictionary<string, SortedSet<string>> known, IReadOnlyList<SpanAttribute> attributes)
    {
        foreach (var attribute in attributes)
        {
            if (attribute.Value.Kind != AttributeKind.Json)
            {
                Learn(known, attribute.Name, attribute.Value.ToString());
            }
        }
    }

    private static void Learn(Dictionary<string, SortedSet<string>> known, string name, string value)
    {
        if (!known.TryGetValue(name, out var values))
        {
            if (known.Count >= NamesMax || name.Length > TextMax)
            {
                return;
            }

            known[name] = values = new SortedSet<string>(StringComparer.Ordinal);
        }

        if (values.Count < ValuesMax && value.Length <= TextMax)
        {
            values.Add(value);
        }
    }
}
