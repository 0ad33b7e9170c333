using System.Text;

namespace Slipway.Gateway.Messages;

/// <summary>Tells the few fields the gateway cares about from all others, by length first so that most names cost one comparison.</summary>
internal static class FieldKinds
{
    public static FieldKind OfRequest(ReadOnlySpan<byte> name)
    {
        switch (name.Length)
        {
            case 2 when Is(name, "te"u8):
                return FieldKind.Te;
            case 4 when Is(name, "host"u8):
                return FieldKind.Host;
            case 6 when Is(name, "cookie"u8):
                return FieldKind.Cookie;
            case 6 when Is(name, "expect"u8):
                return FieldKind.Expect;
            case 7 when Is(name, "upgrade"u8):
                return FieldKind.Upgrade;
            case 9 when Is(name, "forwarded"u8):
                return FieldKind.Dropped;
            case 10 when Is(name, "connection"u8):
                return FieldKind.Connection;
            case 10 when Is(name, "keep-alive"u8):
                return FieldKind.Dropped;
            case 11 when Is(name, "traceparent"u8):
                return FieldKind.TraceParent;
            case 12 when Is(name, "x-request-id"u8):
                return FieldKind.RequestId;
            case 14 when Is(name, "content-length"u8):
                return FieldKind.ContentLength;
            case 14 when Is(name, "http2-settings"u8):
                return FieldKind.Dropped;
            case 15 when Is(name, "x-forwarded-for"u8):
                return FieldKind.ForwardedFor;
            case 16 when Is(name, "proxy-connection"u8):
                return FieldKind.Dropped;
            case 17 when Is(name, "transfer-encoding"u8):
                return FieldKind.TransferEncoding;
            case 19 when Is(name, "proxy-authorization"u8):
                return FieldKind.Dropped;
            default:
                return IsReserved(name) ? FieldKind.Dropped : FieldKind.Plain;
        }
    }

    public static FieldKind OfResponse(ReadOnlySpan<byte> name) => name.Length switch
    {
        7 when Is(name, "upgrade"u8) => FieldKind.Upgrade,
        10 when Is(name, "connection"u8) => FieldKind.Connection,
        10 when Is(name, "keep-alive"u8) => FieldKind.Dropped,
        10 when Is(name, "set-cookie"u8) => FieldKind.SetCookie,
        12 when Is(name, "x-request-id"u8) => FieldKind.RequestId,
        13 when Is(name, "cache-control"u8) => FieldKind.CacheControl,
        13 when Is(name, "server-timing"u8) => FieldKind.ServerTiming,
        14 when Is(name, "content-length"u8) => FieldKind.ContentLength,
        16 when Is(name, "proxy-connection"u8) => FieldKind.Dropped,
        17 when Is(name, "transfer-encoding"u8) => FieldKind.TransferEncoding,
        18 when Is(name, "proxy-authenticate"u8) => FieldKind.Dropped,
        _ => FieldKind.Plain,
    };

    /// <summary>Fields a client must not choose: instances trust them because only the gateway sets them.</summary>
    public static bool IsReserved(ReadOnlySpan<byte> name) =>
        (name.Length > 2 && (name[0] | 0x20) == 'k' && name[1] == '-')
        || (name.Length > 10 && (Is(name[..10], "x-slipway-"u8) || (name.Length > 12 && Is(name[..12], "x-forwarded-"u8))));

    public static bool IsReserved(string name) =>
        name.StartsWith("k-", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("x-slipway-", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("x-forwarded-", StringComparison.OrdinalIgnoreCase)
        || name.Equals("forwarded", StringComparison.OrdinalIgnoreCase);

    public static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lowerCase) => Ascii.EqualsIgnoreCase(name, lowerCase);
}
