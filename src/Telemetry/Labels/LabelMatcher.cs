using System.Text.RegularExpressions;

namespace Slipway.Telemetry.Labels;

public enum MatchKind
{
    Equal,
    NotEqual,
    Matches,
    NotMatches,
}

/// <summary>
/// One condition of a selector. A missing label counts as the empty value. Regular expressions are anchored at both ends and run
/// without backtracking, so that no expression can hold a core.
/// </summary>
public sealed class LabelMatcher
{
    private readonly Regex? _pattern;

    /// <exception cref="ArgumentException">The value is no regular expression that can run without backtracking.</exception>
    public LabelMatcher(string name, MatchKind kind, string value)
    {
        (Name, Kind, Value) = (name, kind, value);
        if (kind is MatchKind.Matches or MatchKind.NotMatches)
        {
            try
            {
                _pattern = new Regex($"^(?:{value})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
            }
            catch (NotSupportedException unsupported)
            {
                throw new ArgumentException(unsupported.Message, nameof(value), unsupported);
            }
        }
    }

    public string Name { get; }

    public MatchKind Kind { get; }

    public string Value { get; }

    public bool Accepts(string value) => Kind switch
    {
        MatchKind.Equal => string.Equals(value, Value, StringComparison.Ordinal),
        MatchKind.NotEqual => !string.Equals(value, Value, StringComparison.Ordinal),
        MatchKind.Matches => _pattern!.IsMatch(value),
        _ => !_pattern!.IsMatch(value),
    };

    public bool Accepts(LabelSet labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return Accepts(labels[Name]);
    }
}
