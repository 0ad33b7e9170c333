using System.Buffers;

namespace Slipway.Gateway.Messages;

/// <summary>The character classes of RFC 9110 and RFC 9112, as vectorised sets.</summary>
internal static class Grammar
{
    public static readonly SearchValues<byte> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>What a field value must not contain: every control but the tab.</summary>
    public static readonly SearchValues<byte> Controls = SearchValues.Create(
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127,
    ]);

    private static readonly SearchValues<byte> s_hostName =
        SearchValues.Create("-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> s_addressLiteral = SearchValues.Create("0123456789ABCDEFabcdef:."u8);

    private static readonly SearchValues<byte> s_requestId =
        SearchValues.Create("-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>A request target is visible ASCII without a fragment.</summary>
    public static bool IsTarget(ReadOnlySpan<byte> target) =>
        !target.IsEmpty && target.IndexOfAnyExceptInRange((byte)0x21, (byte)0x7E) < 0 && target.IndexOf((byte)'#') < 0;

    /// <summary><c>name[:port]</c> or <c>[v6][:port]</c>; anything else is how one server is made to see another host than the next.</summary>
    public static bool IsAuthority(ReadOnlySpan<byte> authority)
    {
        if (authority.IsEmpty || authority.Length > 262)
        {
            return false;
        }

        ReadOnlySpan<byte> port;
        if (authority[0] == '[')
        {
            var close = authority.IndexOf((byte)']');
            if (close < 3 || authority[1..close].ContainsAnyExcept(s_addressLiteral))
            {
                return false;
            }

            port = authority[(close + 1)..];
        }
        else
        {
            var end = authority.IndexOfAnyExcept(s_hostName);
            if (end == 0)
            {
                return false;
            }

            port = end < 0 ? default : authority[end..];
        }

        return port.IsEmpty || (port[0] == ':' && port.Length <= 6 && port[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0);
    }

    public static bool IsRequestId(ReadOnlySpan<byte> value) =>
        value.Length is >= 8 and <= 128 && !value.ContainsAnyExcept(s_requestId);

    /// <summary><c>00-{32 hex}-{16 hex}-{2 hex}</c>, neither id all zeros, lower case.</summary>
    public static bool IsTraceParent(ReadOnlySpan<byte> value)
    {
        if (value.Length != 55 || value[0] != '0' || value[1] != '0' || value[2] != '-' || value[35] != '-' || value[52] != '-')
        {
            return false;
        }

        return IsLowerHex(value.Slice(3, 32)) && IsLowerHex(value.Slice(36, 16)) && IsLowerHex(value[53..])
            && value.Slice(3, 32).ContainsAnyExcept((byte)'0') && value.Slice(36, 16).ContainsAnyExcept((byte)'0');
    }

    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value) => value.Trim(" \t"u8);

    private static bool IsLowerHex(ReadOnlySpan<byte> value)
    {
        foreach (var character in value)
        {
            if (character is not ((>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'f')))
            {
                return false;
            }
        }

        return true;
    }
}
