using System.Text.RegularExpressions;
using Slipway.Model.Gateway;

namespace Slipway.Gateway.Routing;

/// <summary>The matches of all HTTPRoutes of one host, in the order of precedence: the first that fits is the one.</summary>
internal sealed class RuleTable
{
    private readonly CompiledMatch[] _matches;

    public RuleTable(IEnumerable<CompiledMatch> matches)
    {
        _matches = [.. matches.Order(MatchPrecedence.Instance)];
    }

    public CompiledMatch? Find(IRequestView request)
    {
        foreach (var match in _matches)
        {
            if (match.Fits(request))
            {
                return match;
            }
        }

        return null;
    }
}

internal enum PathKind
{
    Exact,
    Pattern,
    Prefix,
}

/// <summary>One match of one rule of one route, with everything that decides its precedence.</summary>
internal sealed class CompiledMatch
{
    /// <summary>A pattern that has not decided by then does not match; the API refuses patterns that can backtrack for long.</summary>
    private static readonly TimeSpan s_patternTime = TimeSpan.FromMilliseconds(50);

    private readonly Regex? _pattern;
    private readonly NamedTest[] _headers;
    private readonly NamedTest[] _query;

    public CompiledMatch(HttpRouteMatch match, RouteRule rule, HostRank host, DateTimeOffset createdAt, int ruleIndex, int matchIndex)
    {
        Rule = rule;
        Host = host;
        CreatedAt = createdAt;
        RuleIndex = ruleIndex;
        MatchIndex = matchIndex;
        Method = match.Method;
        Value = match.Path?.Value ?? "/";
        Kind = match.Path?.Type switch
        {
            "Exact" => PathKind.Exact,
            "RegularExpression" => PathKind.Pattern,
            _ => PathKind.Prefix,
        };
        if (Kind == PathKind.Prefix)
        {
            Value = Value.TrimEnd('/');
        }

        _pattern = Kind == PathKind.Pattern ? Compile(Value) : null;
        _headers = [.. (match.Headers ?? []).Select(NamedTest.Of)];
        _query = [.. (match.QueryParams ?? []).Select(NamedTest.Of)];
    }

    public RouteRule Rule { get; }

    public HostRank Host { get; }

    public DateTimeOffset CreatedAt { get; }

    public int RuleIndex { get; }

    public int MatchIndex { get; }

    public PathKind Kind { get; }

    /// <summary>A prefix stands here without its last slash, so that <c>/</c> is empty.</summary>
    public string Value { get; }

    public string? Method { get; }

    public int HeaderCount => _headers.Length;

    public int QueryCount => _query.Length;

    public bool Fits(IRequestView request)
    {
        if (Method is not null && !Method.Equals(request.Method, StringComparison.Ordinal))
        {
            return false;
        }

        if (!FitsPath(request.Path))
        {
            return false;
        }

        foreach (var test in _headers)
        {
            if (request.Header(test.Name) is not { } value || !test.Fits(value))
            {
                return false;
            }
        }

        return _query.Length == 0 || FitsQuery(request.Query);
    }

    public static Regex Compile(string pattern) =>
        new($"^(?:{pattern})$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, s_patternTime);

    private bool FitsPath(string path) => Kind switch
    {
        PathKind.Exact => path == Value,
        PathKind.Pattern => IsMatch(_pattern!, path),
        _ => path.StartsWith(Value, StringComparison.Ordinal) && (path.Length == Value.Length || path[Value.Length] == '/'),
    };

    private bool FitsQuery(string query)
    {
        var parameters = QueryText.Parse(query);
        foreach (var test in _query)
        {
            if (!parameters.TryGetValue(test.Name, out var value) || !test.Fits(value))
            {
                return false;
            }
        }

        return true;
    }

    public static bool IsMatch(Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}

/// <summary>Exact beats wildcard beats any; more characters beat fewer.</summary>
internal readonly record struct HostRank(int Kind, int Length)
{
    public static HostRank Of(string? hostname) => hostname is null ? new HostRank(0, 0)
        : hostname.StartsWith("*.", StringComparison.Ordinal) ? new HostRank(1, hostname.Length)
        : new HostRank(2, hostname.Length);
}

internal sealed record NamedTest(string Name, string Value, Regex? Pattern)
{
    public static NamedTest Of(NamedMatch match) =>
        new(match.Name, match.Value, match.Type == "RegularExpression" ? CompiledMatch.Compile(match.Value) : null);

    public bool Fits(string value) => Pattern is null ? value == Value : CompiledMatch.IsMatch(Pattern, value);
}

/// <summary>The order Gateway API prescribes; every step that ties is decided by the next, the last one never ties.</summary>
internal sealed class MatchPrecedence : IComparer<CompiledMatch>
{
    public static MatchPrecedence Instance { get; } = new();

    public int Compare(CompiledMatch? x, CompiledMatch? y)
    {
        var (left, right) = (x!, y!);
        return First(
            right.Host.Kind - left.Host.Kind,
            right.Host.Length - left.Host.Length,
            left.Kind - right.Kind,
            right.Value.Length - left.Value.Length,
            (right.Method is null ? 0 : 1) - (left.Method is null ? 0 : 1),
            right.HeaderCount - left.HeaderCount,
            right.QueryCount - left.QueryCount,
            left.CreatedAt.CompareTo(right.CreatedAt),
            string.CompareOrdinal($"{left.Rule.Namespace}/{left.Rule.RouteName}", $"{right.Rule.Namespace}/{right.Rule.RouteName}"),
            left.RuleIndex - right.RuleIndex,
            left.MatchIndex - right.MatchIndex);
    }

    private static int First(params ReadOnlySpan<int> steps)
    {
        foreach (var step in steps)
        {
            if (step != 0)
            {
                return step;
            }
        }

        return 0;
    }
}
