using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Metrics.Head;

/// <summary>The newest exemplars, in memory and as long as the journal remembers them. Every access is under the lock of the head.</summary>
internal sealed class ExemplarRing(int size)
{
    private readonly (LabelSet Series, Exemplar Exemplar)[] _ring = new (LabelSet, Exemplar)[size];
    private readonly Dictionary<LabelSet, Exemplar> _newest = [];
    private long _next;

    private const int LabelCharactersMax = 1_024;

    /// <returns>
    /// False for the one that its series told last time already, as a page of figures does until another comes, and for one that is
    /// too long.
    /// </returns>
    public bool Add(LabelSet series, Exemplar exemplar)
    {
        if (size == 0 || exemplar.Labels.Sum(label => label.Name.Length + label.Value.Length) > LabelCharactersMax || (_newest.TryGetValue(series, out var known) && known.At >= exemplar.At && known.Labels.Equals(exemplar.Labels)))
        {
            return false;
        }

        ref var place = ref _ring[_next++ % size];
        if (place.Series is not null && _newest.TryGetValue(place.Series, out var newest) && ReferenceEquals(newest, place.Exemplar))
        {
            _newest.Remove(place.Series);
        }

        place = (series, exemplar);
        _newest[series] = exemplar;
        return true;
    }

    public List<(LabelSet Series, Exemplar Exemplar)> Between(long from, long to)
    {
        var found = new List<(LabelSet Series, Exemplar Exemplar)>();
        for (var i = Math.Max(0, _next - size); i < _next; i++)
        {
            var entry = _ring[i % size];
            if (entry.Exemplar.At >= from && entry.Exemplar.At <= to)
            {
                found.Add(entry);
            }
        }

        return found;
    }
}
