using System.Collections.Frozen;
using Slipway.Gateway.Policies;
using Slipway.Model.Gateway;

namespace Slipway.Gateway.Routing;

/// <summary>One rule of an HTTPRoute, compiled: what to change and where to send what it matched.</summary>
internal sealed class RouteRule
{
    public required string Namespace { get; init; }

    public required string RouteName { get; init; }

    public required Backend[] Backends { get; init; }

    public required int WeightTotal { get; init; }

    public required RequestRedirect? Redirect { get; init; }

    public required UrlRewrite? Rewrite { get; init; }

    public required HeaderChange RequestHeaders { get; init; }

    public required HeaderChange ResponseHeaders { get; init; }

    public required TimeSpan? RequestTimeout { get; init; }

    public required RetryRule? Retry { get; init; }

    public required PolicySet? Policy { get; init; }

    /// <summary>The backend at a point between 0 and <see cref="WeightTotal"/>; null when the rule has none.</summary>
    public Backend? At(int point)
    {
        foreach (var backend in Backends)
        {
            point -= backend.Weight;
            if (point < 0)
            {
                return backend;
            }
        }

        return null;
    }
}

/// <param name="Service">Null when the reference leads nowhere: its share of the traffic is answered 500.</param>
internal sealed record Backend(ServiceRoute? Service, int Weight);

/// <param name="Added">Complete header lines.</param>
internal sealed record HeaderChange(FrozenSet<string> Removed, string Added)
{
    // What frames a message or belongs to the hop is the gateway's own business.
    private static readonly FrozenSet<string> s_untouchable =
        new[] { "host", "connection", "content-length", "transfer-encoding", "upgrade", "te", "trailer", "keep-alive" }.ToFrozenSet();

    public static HeaderChange None { get; } = new(FrozenSet<string>.Empty, "");

    public bool IsNone => Removed.Count == 0 && Added.Length == 0;

    public static HeaderChange Of(IEnumerable<HeaderModifier?> modifiers)
    {
        var removed = new HashSet<string>();
        var added = new List<HeaderValue>();
        foreach (var modifier in modifiers)
        {
            foreach (var name in modifier?.Remove ?? [])
            {
                removed.Add(name.ToLowerInvariant());
                added.RemoveAll(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            }

            foreach (var header in modifier?.Set ?? [])
            {
                removed.Add(header.Name.ToLowerInvariant());
                added.RemoveAll(other => other.Name.Equals(header.Name, StringComparison.OrdinalIgnoreCase));
                added.Add(header);
            }

            added.AddRange(modifier?.Add ?? []);
        }

        removed.ExceptWith(s_untouchable);
        return removed.Count == 0 && added.Count == 0 ? None : new HeaderChange(
            removed.ToFrozenSet(),
            string.Concat(added.Where(IsSafe).Select(header => $"{header.Name}: {header.Value}\r\n")));
    }

    /// <summary>The API has checked names and values; a line break here would still be a new header for everyone behind.</summary>
    private static bool IsSafe(HeaderValue header) =>
        !s_untouchable.Contains(header.Name.ToLowerInvariant())
        && header.Name.Length > 0 && header.Name.All(character => character is > ' ' and < (char)0x7F and not ':')
        && header.Value.All(character => character == '\t' || (character >= ' ' && character != 0x7F && character <= 0xFF));
}

/// <param name="Codes">Answers that are tried again; empty when only requests that got no answer are.</param>
internal sealed record RetryRule(int Attempts, FrozenSet<int> Codes, TimeSpan Backoff, RetryBudget? Budget);
