using System.Collections.Frozen;
using System.Text;
using Slipway.Gateway.Admission;
using Slipway.Gateway.Recording;

namespace Slipway.Gateway.Routing;

/// <summary>Who answers which host. Immutable; the gateway swaps the whole of it.</summary>
internal sealed class RoutingSnapshot
{
    private readonly FrozenDictionary<string, HostEntry>.AlternateLookup<ReadOnlySpan<char>> _hosts;
    private readonly (string Suffix, HostEntry Entry)[] _wildcards;

    public RoutingSnapshot(long version, IReadOnlyDictionary<string, HostEntry> hosts, IEnumerable<(string Suffix, HostEntry Entry)> wildcards, int services)
    {
        Version = version;
        Services = services;
        _hosts = hosts.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _wildcards = [.. wildcards.OrderByDescending(wildcard => wildcard.Suffix.Length)];
    }

    public static RoutingSnapshot Empty { get; } = new(0, new Dictionary<string, HostEntry>(), [], 0);

    public long Version { get; }

    public int Services { get; }

    /// <summary>The entry of a Host field: port and case do not count. An exact name beats a wildcard, a longer wildcard a shorter one.</summary>
    public HostEntry? Find(ReadOnlySpan<byte> authority)
    {
        Span<char> name = stackalloc char[256];
        var colon = authority.LastIndexOf((byte)':');
        if (colon >= 0 && authority.LastIndexOf((byte)']') < colon)
        {
            authority = authority[..colon];
        }

        if (authority is [.., (byte)'.'])
        {
            authority = authority[..^1];
        }

        if (authority.Length > name.Length)
        {
            return null;
        }

        var length = Encoding.Latin1.GetChars(authority, name);
        name = name[..length];
        foreach (ref var character in name)
        {
            character = char.ToLowerInvariant(character);
        }

        if (_hosts.TryGetValue(name, out var entry))
        {
            return entry;
        }

        foreach (var (suffix, wildcard) in _wildcards)
        {
            // The empty suffix belongs to routes that name no host: they answer whatever nobody else does.
            if (suffix.Length == 0 || (name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal)))
            {
                return wildcard;
            }
        }

        return null;
    }
}

/// <summary>What stands behind one host name: the rules of HTTPRoutes, a service, or both (rules first).</summary>
internal sealed record HostEntry
{
    public ServiceRoute? Service { get; init; }

    /// <summary>The one revision a tag host leads to.</summary>
    public RevisionShare? Tagged { get; init; }

    /// <summary>Answered only to callers from internal networks; to others it does not exist.</summary>
    public bool InternalOnly { get; init; }

    public RuleTable? Rules { get; init; }
}

internal sealed class ServiceRoute
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required bool Stopped { get; init; }

    /// <summary>Revisions with more than 0 %, in the order of the status.</summary>
    public required RevisionShare[] Shares { get; init; }

    public required int PercentTotal { get; init; }

    public required FrozenDictionary<string, RevisionShare> Tags { get; init; }

    public required Policies.PolicySet? Policy { get; init; }

    /// <summary>Null lets everybody pass.</summary>
    public required Policies.InvokerGate? Invokers { get; init; }

    public required ServiceMeter Meter { get; init; }

    /// <summary>At least one revision asks for a session cookie.</summary>
    public required bool Affinity { get; init; }

    /// <summary>At least one revision with traffic wants HTTP/2, which another server than the short way speaks.</summary>
    public bool WantsHttp2
    {
        get
        {
            foreach (var share in Shares)
            {
                if (share.Traffic.Http2)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>The revision at a point of the line on which the percentages are laid out one after the other.</summary>
    public RevisionShare At(int point)
    {
        foreach (var share in Shares)
        {
            point -= share.Percent;
            if (point < 0)
            {
                return share;
            }
        }

        return Shares[^1];
    }
}

internal sealed record RevisionShare(
    RevisionTraffic Traffic,
    int Percent,
    TimeSpan ResponseStart,
    TimeSpan Total,
    TimeSpan Idle,
    bool Affinity);
