using System.Text;
using System.Text.RegularExpressions;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.PromQl.Syntax;

namespace Slipway.Telemetry.PromQl.Evaluation;

/// <summary>Functions that make labels.</summary>
internal static partial class LabelFunctions
{
    public static List<GridSeries> Replace(IReadOnlyList<GridSeries> all, string label, string replacement, string source, string pattern)
    {
        CheckName(label, "label_replace");
        Regex expression;
        try
        {
            // Named groups have a P in front in the notation people know from Prometheus.
            expression = new Regex($@"\A(?:{pattern.Replace("(?P<", "(?<", StringComparison.Ordinal)})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception unusable) when (unusable is ArgumentException or NotSupportedException)
        {
            throw new EvaluationException($"invalid regular expression in label_replace(): {pattern}");
        }

        return [.. all.Select(series => expression.Match(series.Labels[source]) is { Success: true } match
            ? series with { Labels = With(series.Labels, label, Expand(replacement, match)) }
            : series)];
    }

    public static List<GridSeries> Join(IReadOnlyList<GridSeries> all, string label, string separator, string[] sources)
    {
        CheckName(label, "label_join");
        foreach (var source in sources)
        {
            CheckName(source, "label_join");
        }

        return [.. all.Select(series => series with { Labels = With(series.Labels, label, string.Join(separator, sources.Select(source => series.Labels[source]))) })];
    }

    /// <summary>What the selector says for sure about the series that is missing.</summary>
    public static LabelSet OfAbsent(PromQlNode argument)
    {
        var matchers = argument switch
        {
            SelectorNode selector => selector.Matchers,
            RangeNode range => range.Selector.Matchers,
            _ => [],
        };
        var labels = new Dictionary<string, string>();
        var seen = new HashSet<string>();
        foreach (var matcher in matchers.Where(matcher => matcher.Name != LabelSet.MetricName))
        {
            if (matcher.Kind == MatchKind.Equal && seen.Add(matcher.Name))
            {
                labels[matcher.Name] = matcher.Value;
            }
            else
            {
                labels.Remove(matcher.Name);
            }
        }

        return LabelSet.From(labels);
    }

    public static bool IsName(string label) => Name().IsMatch(label);

    private static LabelSet With(LabelSet labels, string name, string value) => value.Length == 0 ? labels.Without(name) : labels.With(name, value);

    private static void CheckName(string label, string function)
    {
        if (!IsName(label))
        {
            throw new EvaluationException($"invalid destination label name in {function}(): {label}");
        }
    }

    /// <summary>Puts what groups caught in place of <c>$1</c>, <c>${1}</c> or <c>$name</c>; <c>$$</c> is a dollar sign.</summary>
    private static string Expand(string template, Match match)
    {
        var text = new StringBuilder();
        for (var index = 0; index < template.Length; index++)
        {
            if (template[index] != '$')
            {
                text.Append(template[index]);
                continue;
            }

            if (index + 1 < template.Length && template[index + 1] == '$')
            {
                text.Append('$');
                index++;
                continue;
            }

            var reference = Reference().Match(template, index + 1);
            if (!reference.Success)
            {
                text.Append('$');
                continue;
            }

            text.Append(match.Groups[reference.Value.Trim('{', '}')].Value);
            index += reference.Length;
        }

        return text.ToString();
    }

    [GeneratedRegex(@"\A[a-zA-Z_][a-zA-Z0-9_]*\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\G(?:\{\w+\}|\w+)")]
    private static partial Regex Reference();
}
