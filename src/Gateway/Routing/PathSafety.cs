namespace Slipway.Gateway.Routing;

internal static class PathSafety
{
    /// <summary>
    /// Whether an instance could read this path as another one than the gateway does: dot segments, encoded dots, slashes
    /// or backslashes. Rules and policies decide by path, so such a path must not reach them.
    /// </summary>
    public static bool IsAmbiguous(ReadOnlySpan<char> path)
    {
        if (path.Contains('\\') || path.Contains("%2f", StringComparison.OrdinalIgnoreCase) || path.Contains("%5c", StringComparison.OrdinalIgnoreCase)
            || path.Contains("%2e", StringComparison.OrdinalIgnoreCase) || path.Contains("%00", StringComparison.Ordinal))
        {
            return true;
        }

        var at = path.IndexOf("/.");
        while (at >= 0)
        {
            var rest = path[(at + 2)..];
            if (rest.IsEmpty || rest[0] == '/' || (rest[0] == '.' && (rest.Length == 1 || rest[1] == '/')))
            {
                return true;
            }

            var next = rest.IndexOf("/.");
            at = next < 0 ? -1 : at + 2 + next;
        }

        return false;
    }

    /// <summary>Whole segments: <c>/a</c> covers <c>/a</c> and <c>/a/b</c>, not <c>/ab</c>.</summary>
    public static bool IsUnder(string path, string prefix)
    {
        prefix = prefix.TrimEnd('/');
        return path.StartsWith(prefix, StringComparison.Ordinal) && (path.Length == prefix.Length || path[prefix.Length] == '/');
    }
}
