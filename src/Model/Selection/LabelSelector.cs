using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Model.Values;

namespace Slipway.Model.Selection;

public enum LabelOperator
{
    In,
    NotIn,
    Exists,
    NotExists,
}

/// <summary>One demand on one label.</summary>
public sealed record LabelRequirement(string Key, LabelOperator Operator, IReadOnlyList<string> Values)
{
    /// <summary>As in Kubernetes, an object without the label satisfies "not in" and "not equal".</summary>
    public bool Matches(IReadOnlyDictionary<string, string>? labels)
    {
        var found = labels is not null && labels.TryGetValue(Key, out var value) ? value : null;
        return Operator switch
        {
            LabelOperator.Exists => found is not null,
            LabelOperator.NotExists => found is null,
            LabelOperator.In => found is not null && Values.Contains(found),
            _ => found is null || !Values.Contains(found),
        };
    }

    public override string ToString() => Operator switch
    {
        LabelOperator.Exists => Key,
        LabelOperator.NotExists => $"!{Key}",
        LabelOperator.In when Values.Count == 1 => $"{Key}={Values[0]}",
        LabelOperator.In => $"{Key} in ({string.Join(',', Values)})",
        _ when Values.Count == 1 => $"{Key}!={Values[0]}",
        _ => $"{Key} notin ({string.Join(',', Values)})",
    };
}

/// <summary>Demands on labels that must all hold: <c>app=web,tier in (a, b),!canary</c>. Blanks are tolerated.</summary>
public sealed class LabelSelector
{
    private LabelSelector(IReadOnlyList<LabelRequirement> requirements) => Requirements = requirements;

    public static LabelSelector Everything { get; } = new([]);

    public IReadOnlyList<LabelRequirement> Requirements { get; }

    /// <summary>Every label of the map must be there with that value.</summary>
    public static LabelSelector ForLabels(IEnumerable<KeyValuePair<string, string>> labels) =>
        new([.. labels.Select(label => new LabelRequirement(label.Key, LabelOperator.In, [label.Value]))]);

    public static Outcome<LabelSelector> Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Everything;
        }

        var requirements = new List<LabelRequirement>();
        foreach (var part in SplitOutsideParentheses(text))
        {
            if (ParseOne(part.Trim()) is not { } requirement)
            {
                return Wrong(text, $"\"{part.Trim()}\" is none of key, !key, key=value, key!=value, key in (a,b), key notin (a,b)");
            }

            if (!Names.IsQualifiedName(requirement.Key))
            {
                return Wrong(text, $"\"{requirement.Key}\" is not a label key: {Names.QualifiedNameProblems(requirement.Key)[0]}");
            }

            foreach (var value in requirement.Values)
            {
                if (!Names.IsLabelValue(value))
                {
                    return Wrong(text, $"\"{value}\" is not a label value: {Names.LabelValueProblems(value)[0]}");
                }
            }

            requirements.Add(requirement);
        }

        return new LabelSelector(requirements);
    }

    public bool Matches(Resource resource) => Matches(resource.Metadata.Labels);

    public bool Matches(IReadOnlyDictionary<string, string>? labels)
    {
        foreach (var requirement in Requirements)
        {
            if (!requirement.Matches(labels))
            {
                return false;
            }
        }

        return true;
    }

    public override string ToString() => string.Join(',', Requirements);

    private static LabelRequirement? ParseOne(string text)
    {
        if (text.StartsWith('!'))
        {
            return new LabelRequirement(text[1..].Trim(), LabelOperator.NotExists, []);
        }

        if (text.IndexOf("!=", StringComparison.Ordinal) is > 0 and var unequal)
        {
            return new LabelRequirement(text[..unequal].Trim(), LabelOperator.NotIn, [text[(unequal + 2)..].Trim()]);
        }

        if (text.IndexOf('=') is > 0 and var equal)
        {
            var value = text[(equal + 1)..];
            return new LabelRequirement(text[..equal].Trim(), LabelOperator.In, [(value.StartsWith('=') ? value[1..] : value).Trim()]);
        }

        if (text.IndexOf('(') is >= 0 and var open)
        {
            var words = text[..open].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != 2 || !text.EndsWith(')'))
            {
                return null;
            }

            string[] values = [.. text[(open + 1)..^1].Split(',').Select(value => value.Trim()).Distinct().Order(StringComparer.Ordinal)];
            return words[1] switch
            {
                "in" => new LabelRequirement(words[0], LabelOperator.In, values),
                "notin" => new LabelRequirement(words[0], LabelOperator.NotIn, values),
                _ => null,
            };
        }

        return text.Length > 0 && !text.Any(char.IsWhiteSpace) ? new LabelRequirement(text, LabelOperator.Exists, []) : null;
    }

    private static IEnumerable<string> SplitOutsideParentheses(string text)
    {
        var start = 0;
        var depth = 0;
        for (var index = 0; index < text.Length; index++)
        {
            switch (text[index])
            {
                case '(':
                    depth++;
                    break;
                case ')':
                    depth--;
                    break;
                case ',' when depth == 0:
                    yield return text[start..index];
                    start = index + 1;
                    break;
                default:
                    break;
            }
        }

        yield return text[start..];
    }

    private static Failure Wrong(string text, string why) =>
        new(FailureKind.Malformed, "label-selector-invalid", $"unable to parse label selector \"{text}\": {why}");
}
