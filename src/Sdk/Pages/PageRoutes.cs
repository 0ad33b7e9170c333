using System.Collections.Frozen;

namespace Slipway.Sdk.Pages;

/// <summary>Decides what an address without a file of its own is: a page the script draws, or nobody's.</summary>
internal sealed class PageRoutes
{
    private readonly FrozenSet<string> _exact;
    private readonly string[] _below;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _reserved;

    public PageRoutes(IReadOnlyList<string> routes, IReadOnlyList<string> reserved)
    {
        _exact = routes.Where(route => !route.EndsWith("/*", StringComparison.Ordinal)).ToFrozenSet(StringComparer.Ordinal);
        _below = [.. routes.Where(route => route.EndsWith("/*", StringComparison.Ordinal)).Select(route => route[..^1])];
        _reserved = reserved.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public PageRoute Of(string path)
    {
        var first = path.AsSpan(1);
        var slash = first.IndexOf('/');
        var last = path.AsSpan(path.LastIndexOf('/') + 1);
        if (_reserved.Contains(slash < 0 ? first : first[..slash]) || last.Contains('.'))
        {
            return PageRoute.NotOurs;
        }

        if ((_exact.Count == 0 && _below.Length == 0) || path == "/" || _exact.Contains(path))
        {
            return PageRoute.Page;
        }

        foreach (var prefix in _below)
        {
            if (path.StartsWith(prefix, StringComparison.Ordinal) || path.AsSpan().SequenceEqual(prefix.AsSpan(0, prefix.Length - 1)))
            {
                return PageRoute.Page;
            }
        }

        return PageRoute.NoSuchPage;
    }
}

internal enum PageRoute
{
    /// <summary>An address for programs, or a file that does not exist: answered without a page.</summary>
    NotOurs,
    Page,
    NoSuchPage,
}
