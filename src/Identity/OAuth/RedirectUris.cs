namespace Slipway.Identity.OAuth;

/// <summary>
/// Where a code may be sent. Compared letter by letter with what was registered; the one exception is the port of a loopback address,
/// which a native program only learns when it starts to listen (RFC 8252, section 7.3).
/// </summary>
internal static class RedirectUris
{
    public const int LengthMax = 512;

    /// <summary>Checks an address at registration, so that nothing dangerous ever gets into the list that is compared with.</summary>
    public static string? Mistake(string address)
    {
        if (address.Length > LengthMax)
        {
            return $"A redirect address has at most {LengthMax} characters.";
        }

        if (!TryRead(address, out var uri))
        {
            return "A redirect address is an absolute http or https address without user, fragment, wildcard, white space or dot segments.";
        }

        return uri.Scheme == Uri.UriSchemeHttps || IsLocal(uri) ? null : "A redirect address uses https; plain http is for loopback and .localhost only.";
    }

    public static bool Matches(IReadOnlyList<string> registered, string? asked)
    {
        if (asked is null or { Length: > LengthMax })
        {
            return false;
        }

        foreach (var address in registered)
        {
            if (string.Equals(address, asked, StringComparison.Ordinal) || MatchesLoopback(address, asked))
            {
                return true;
            }
        }

        return false;
    }

    private static bool MatchesLoopback(string registered, string asked)
    {
        if (!TryRead(registered, out var one) || !IsLoopbackLiteral(one) || !one.IsDefaultPort || !TryRead(asked, out var other))
        {
            return false;
        }

        // The rest is compared as text too: a parser that normalises "a/../b" would call two different addresses the same.
        var prefix = $"http://{one.Host}";
        return other.Scheme == Uri.UriSchemeHttp
            && other.Host == one.Host
            && asked.StartsWith(prefix, StringComparison.Ordinal)
            && registered.StartsWith(prefix, StringComparison.Ordinal)
            && TryReadPort(asked.AsSpan(prefix.Length), out var after)
            && after.SequenceEqual(registered.AsSpan(prefix.Length));
    }

    private static bool TryReadPort(ReadOnlySpan<char> text, out ReadOnlySpan<char> after)
    {
        after = text;
        if (text.IsEmpty || text[0] != ':')
        {
            return true;
        }

        var digits = text[1..];
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        end = end < 0 ? digits.Length : end;
        after = digits[end..];
        return end is > 0 and <= 5 && int.Parse(digits[..end]) is > 0 and <= ushort.MaxValue;
    }

    private static bool TryRead(string address, out Uri uri)
    {
        uri = null!;
        if (address.AsSpan().ContainsAny(s_refused) || address.AsSpan().ContainsAnyExceptInRange('!', '~')
            || address.Contains("/../", StringComparison.Ordinal) || address.Contains("/./", StringComparison.Ordinal)
            || !Uri.TryCreate(address, UriKind.Absolute, out var read)
            || (read.Scheme != Uri.UriSchemeHttp && read.Scheme != Uri.UriSchemeHttps)
            || read.UserInfo.Length > 0 || read.Host.Length == 0)
        {
            return false;
        }

        uri = read;
        return true;
    }

    private static bool IsLocal(Uri uri) => IsLoopbackLiteral(uri) || uri.Host == "localhost" || uri.Host.EndsWith(".localhost", StringComparison.Ordinal);

    private static bool IsLoopbackLiteral(Uri uri) => uri.Scheme == Uri.UriSchemeHttp && uri.Host is "127.0.0.1" or "[::1]";

    private static readonly System.Buffers.SearchValues<char> s_refused = System.Buffers.SearchValues.Create("#*\\\"<>^`{|}@");
}
