using Slipway.Model.Resources;

namespace Slipway.Store.Pictures;

/// <summary>
/// All objects of one kind at one version, sorted by namespace and name. Immutable; the next one is made by merging the
/// changes of a whole batch, so the copy is paid once per batch and every reader shares it.
/// </summary>
internal sealed class KindPicture
{
    public static readonly KindPicture Empty = new([]);

    private readonly Resource[] _sorted;

    private KindPicture(Resource[] sorted) => _sorted = sorted;

    public IReadOnlyList<Resource> All => _sorted;

    public int Count => _sorted.Length;

    public static KindPicture Of(IEnumerable<Resource> resources) =>
        new([.. resources.OrderBy(resource => resource.Namespace, StringComparer.Ordinal).ThenBy(resource => resource.Name, StringComparer.Ordinal)]);

    public Resource? Find(string @namespace, string name)
    {
        var at = Seek(@namespace, name);
        return at < _sorted.Length && Compare(_sorted[at], @namespace, name) == 0 ? _sorted[at] : null;
    }

    /// <summary>A window on the same array: names are never empty, so a namespace starts where its empty name would be.</summary>
    public IReadOnlyList<Resource> In(string @namespace)
    {
        var from = Seek(@namespace, "");
        var to = from;
        for (var step = 1; to < _sorted.Length && _sorted[to].Namespace == @namespace;)
        {
            // Gallop: namespaces are small beside the whole, but one may hold everything.
            var ahead = to + step;
            if (ahead < _sorted.Length && _sorted[ahead].Namespace == @namespace)
            {
                to = ahead;
                step *= 2;
            }
            else if (step > 1)
            {
                step = 1;
            }
            else
            {
                to++;
            }
        }

        return new ArraySegment<Resource>(_sorted, from, to - from);
    }

    /// <summary>The next picture. A null value removes its object.</summary>
    public KindPicture With(IReadOnlyList<KeyValuePair<ResourceKey, Resource?>> changes)
    {
        var next = new List<Resource>(_sorted.Length + changes.Count);
        var from = 0;
        foreach (var (key, resource) in changes
            .OrderBy(change => change.Key.Namespace, StringComparer.Ordinal)
            .ThenBy(change => change.Key.Name, StringComparer.Ordinal))
        {
            var at = Seek(key.Namespace, key.Name);
            next.AddRange(_sorted.AsSpan(from, at - from));
            from = at < _sorted.Length && Compare(_sorted[at], key.Namespace, key.Name) == 0 ? at + 1 : at;
            if (resource is not null)
            {
                next.Add(resource);
            }
        }

        next.AddRange(_sorted.AsSpan(from));
        return new KindPicture([.. next]);
    }

    /// <summary>Where the object is, or where it would have to be inserted.</summary>
    private int Seek(string @namespace, string name)
    {
        var (low, high) = (0, _sorted.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (Compare(_sorted[middle], @namespace, name) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static int Compare(Resource resource, string @namespace, string name)
    {
        var order = string.CompareOrdinal(resource.Namespace, @namespace);
        return order != 0 ? order : string.CompareOrdinal(resource.Name, name);
    }
}
