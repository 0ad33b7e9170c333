using System.Collections;
using System.Text;

namespace Slipway.Telemetry.Labels;

public readonly record struct Label(string Name, string Value);

/// <summary>
/// What tells one series or stream from another: labels in the order of their names, each name once. Immutable, with its hash
/// at hand, since every sample and every line is looked up by it. The name of a metric is the label <see cref="MetricName"/>.
/// </summary>
public sealed class LabelSet : IEquatable<LabelSet>, IReadOnlyList<Label>
{
    public const string MetricName = "__name__";

    private readonly Label[] _labels;
    private readonly int _hash;

    private LabelSet(Label[] labels)
    {
        _labels = labels;
        var hash = new HashCode();
        foreach (var label in labels)
        {
            hash.Add(label.Name, StringComparer.Ordinal);
            hash.Add(label.Value, StringComparer.Ordinal);
        }

        _hash = hash.ToHashCode();
    }

    public static LabelSet Empty { get; } = new([]);

    public int Count => _labels.Length;

    public Label this[int index] => _labels[index];

    /// <summary>The value of a label; empty if it is not there, which means the same.</summary>
    public string this[string name]
    {
        get
        {
            foreach (var label in _labels)
            {
                if (string.Equals(label.Name, name, StringComparison.Ordinal))
                {
                    return label.Value;
                }
            }

            return "";
        }
    }

    public string Metric => this[MetricName];

    /// <summary>A name that comes twice keeps its last value; a label without value is left out.</summary>
    public static LabelSet Of(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in labels)
        {
            sorted[name] = value;
        }

        return From(sorted);
    }

    public static LabelSet From(IEnumerable<KeyValuePair<string, string>> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var sorted = labels as SortedDictionary<string, string>;
        if (sorted is null || !Equals(sorted.Comparer, StringComparer.Ordinal))
        {
            sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var (name, value) in labels)
            {
                sorted[name] = value;
            }
        }

        var kept = sorted.Where(label => label.Value.Length > 0).Select(label => new Label(label.Key, label.Value)).ToArray();
        return kept.Length == 0 ? Empty : new LabelSet(kept);
    }

    /// <summary>Labels that are in order already, each name once, none without value; the array is not copied.</summary>
    internal static LabelSet FromSorted(Label[] labels) => labels.Length == 0 ? Empty : new LabelSet(labels);

    public LabelSet With(string name, string value) =>
        From(_labels.Where(label => label.Name != name).Append(new Label(name, value)).Select(label => KeyValuePair.Create(label.Name, label.Value)));

    public LabelSet Without(string name) =>
        this[name].Length == 0 ? this : new LabelSet([.. _labels.Where(label => label.Name != name)]);

    public bool Equals(LabelSet? other) =>
        ReferenceEquals(this, other) || (other is not null && other._hash == _hash && _labels.AsSpan().SequenceEqual(other._labels));

    public override bool Equals(object? obj) => obj is LabelSet other && Equals(other);

    public override int GetHashCode() => _hash;

    /// <summary>As in PromQL and in the text format: <c>name{a="b",c="d"}</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Metric);
        var first = true;
        foreach (var label in _labels)
        {
            if (label.Name == MetricName)
            {
                continue;
            }

            text.Append(first ? '{' : ',').Append(label.Name).Append("=\"");
            foreach (var character in label.Value)
            {
                _ = character switch
                {
                    '\\' => text.Append("\\\\"),
                    '"' => text.Append("\\\""),
                    '\n' => text.Append("\\n"),
                    _ => text.Append(character),
                };
            }

            text.Append('"');
            first = false;
        }

        return first ? (text.Length == 0 ? "{}" : text.ToString()) : text.Append('}').ToString();
    }

    public IEnumerator<Label> GetEnumerator() => ((IEnumerable<Label>)_labels).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _labels.GetEnumerator();
}
