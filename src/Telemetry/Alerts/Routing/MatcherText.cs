using Slipway.Model.Failures;
using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Alerts.Routing;

/// <summary>Matchers as people and tools write them: <c>severity="critical"</c>, <c>service=~"cart|orders"</c>.</summary>
internal static class MatcherText
{
    private static readonly (string Sign, MatchKind Kind)[] s_signs =
        [("!=", MatchKind.NotEqual), ("!~", MatchKind.NotMatches), ("=~", MatchKind.Matches), ("=", MatchKind.Equal)];

    public static Outcome<LabelMatcher> Parse(string text)
    {
        var rest = text.Trim();
        var end = 0;
        while (end < rest.Length && (char.IsAsciiLetterOrDigit(rest[end]) || rest[end] == '_'))
        {
            end++;
        }

        var name = rest[..end];
        rest = rest[end..].TrimStart();
        if (name.Length == 0 || char.IsAsciiDigit(name[0]) || s_signs.FirstOrDefault(one => rest.StartsWith(one.Sign, StringComparison.Ordinal)) is not { Sign: { } sign } found)
        {
            return Wrong(text);
        }

        var value = rest[sign.Length..].Trim();
        if (value is ['"', .., '"'])
        {
            value = value[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
        }
        else if (value.Contains('"', StringComparison.Ordinal))
        {
            return Wrong(text);
        }

        return Make(name, found.Kind, value);
    }

    public static Outcome<LabelMatcher> Make(string name, MatchKind kind, string value)
    {
        try
        {
            return new LabelMatcher(name, kind, value);
        }
        catch (ArgumentException wrong)
        {
            return new Failure(FailureKind.Malformed, "bad-matcher", $"bad matcher for {name}: \"{value}\" is no regular expression that can be used: {wrong.Message}");
        }
    }

    public static string Sign(MatchKind kind) => s_signs.First(one => one.Kind == kind).Sign;

    private static Failure Wrong(string text) =>
        new(FailureKind.Malformed, "bad-matcher", $"bad matcher format: {text}; write name=\"value\" with one of =, !=, =~ and !~");
}
