using System.Globalization;

namespace Slipway.Sdk.Telemetry;

/// <summary>The labels of one series, found again without allocating anything.</summary>
internal sealed class Labels(KeyValuePair<string, object?>[] pairs)
{
    public static IEqualityComparer<Labels> Comparer { get; } = new ByValue();

    /// <summary>The series that takes what no longer has room.</summary>
    public static Labels Overflow { get; } = new([new("overflow", "true")]);

    public IReadOnlyList<KeyValuePair<string, object?>> Pairs => pairs;

    /// <summary>As in <c>route="/a",status="200"</c>; empty without labels.</summary>
    public string Text => field ??= string.Join(',', pairs.Select(pair => $"{MetricNames.Label(pair.Key)}=\"{Escape(Convert.ToString(pair.Value, CultureInfo.InvariantCulture) ?? "")}\""));

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private sealed class ByValue : IEqualityComparer<Labels>, IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, Labels>
    {
        public Labels Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => new(alternate.ToArray());

        public bool Equals(Labels? x, Labels? y) => ReferenceEquals(x, y) || (x is not null && y is not null && SameAs(x.Pairs, y.Pairs));

        public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, Labels other)
        {
            if (alternate.Length != other.Pairs.Count)
            {
                return false;
            }

            for (var at = 0; at < alternate.Length; at++)
            {
                if (alternate[at].Key != other.Pairs[at].Key || !Equals(alternate[at].Value, other.Pairs[at].Value))
                {
                    return false;
                }
            }

            return true;
        }

        public int GetHashCode(Labels obj) => GetHashCode((KeyValuePair<string, object?>[])obj.Pairs);

        public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
        {
            var hash = default(HashCode);
            foreach (var pair in alternate)
            {
                hash.Add(pair.Key);
                hash.Add(pair.Value);
            }

            return hash.ToHashCode();
        }

        private static bool SameAs(IReadOnlyList<KeyValuePair<string, object?>> left, IReadOnlyList<KeyValuePair<string, object?>> right) =>
            left.SequenceEqual(right);
    }
}
