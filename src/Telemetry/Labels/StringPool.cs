namespace Slipway.Telemetry.Labels;

/// <summary>
/// Gives equal strings the same object, so that a name that a hundred thousand series have is in memory once. It has a fixed number of
/// places; a string that finds its place taken takes it over, which costs memory and nothing else.
/// </summary>
internal sealed class StringPool(int places)
{
    private readonly string?[] _places = new string?[places];

    public static StringPool Shared { get; } = new(1 << 16);

    public string Pooled(string text)
    {
        ref var place = ref _places[(uint)text.GetHashCode(StringComparison.Ordinal) % (uint)_places.Length];
        var known = place;
        if (known is not null && string.Equals(known, text, StringComparison.Ordinal))
        {
            return known;
        }

        place = text;
        return text;
    }

    public LabelSet Pooled(LabelSet labels)
    {
        var same = true;
        var pooled = new Label[labels.Count];
        for (var i = 0; i < pooled.Length; i++)
        {
            var label = labels[i];
            pooled[i] = new Label(Pooled(label.Name), Pooled(label.Value));
            same &= ReferenceEquals(pooled[i].Name, label.Name) && ReferenceEquals(pooled[i].Value, label.Value);
        }

        return same ? labels : LabelSet.FromSorted(pooled);
    }
}
