using System.Net;
using Slipway.Gateway.Messages;

namespace Slipway.Gateway.Forwarding;

/// <summary>The head an instance receives: the client's own fields, without those of the first hop and those only the gateway may set.</summary>
internal static class RequestHeadWriter
{
    public static void Write(OutBuffer to, RequestHead request, RequestIdentity identity, in Hop hop)
    {
        var rewrite = hop.Rewrite;
        to.Write(request.Method);
        to.Write((byte)' ');
        if (rewrite?.PathAndQuery is { } path)
        {
            to.Write(path);
        }
        else
        {
            to.Write(request.PathAndQuery);
        }

        to.Write(" HTTP/1.1\r\nHost: "u8);
        if (rewrite?.Host is { } host)
        {
            to.Write(host);
        }
        else
        {
            to.Write(request.Host);
        }

        to.Write("\r\n"u8);
        ReadOnlySpan<byte> forwardedFor = default;
        foreach (ref readonly var field in request.Fields)
        {
            switch (field.Kind)
            {
                case FieldKind.Plain or FieldKind.Cookie or FieldKind.Expect or FieldKind.ContentLength or FieldKind.TransferEncoding
                    or FieldKind.CacheControl or FieldKind.SetCookie or FieldKind.ServerTiming:
                    break;
                case FieldKind.Te when MessageHead.ListContains(request.ValueOf(field), "trailers"u8):
                    to.Write("TE: trailers\r\n"u8);
                    continue;
                case FieldKind.Upgrade when request.IsUpgrade:
                    to.Write("Connection: Upgrade\r\n"u8);
                    break;
                case FieldKind.ForwardedFor when forwardedFor.IsEmpty:
                    forwardedFor = request.ValueOf(field);
                    continue;
                default:
                    continue;
            }

            var name = request.NameOf(field);
            if ((request.HasConnectionOptions && field.Kind is FieldKind.Plain or FieldKind.Cookie && request.IsConnectionOption(name))
                || (rewrite is not null && rewrite.Removes(name)))
            {
                continue;
            }

            to.Write(name);
            to.Write(": "u8);
            to.Write(request.ValueOf(field));
            to.Write("\r\n"u8);
        }

        if (rewrite is not null)
        {
            to.Write(rewrite.AddedFields);
        }

        WriteOrigin(to, request, forwardedFor, hop);
        to.Write("X-Request-Id: "u8);
        to.Write(identity.RequestId);
        to.Write("\r\ntraceparent: "u8);
        to.Write(identity.TraceParent);
        to.Write("\r\n\r\n"u8);
    }

    private static void WriteOrigin(OutBuffer to, RequestHead request, ReadOnlySpan<byte> forwardedFor, in Hop hop)
    {
        var secure = hop.Secure ? "https"u8 : "http"u8;
        to.Write("X-Forwarded-For: "u8);
        if (!forwardedFor.IsEmpty)
        {
            to.Write(forwardedFor);
            to.Write(", "u8);
        }

        to.Write(hop.PeerText);
        to.Write("\r\nX-Forwarded-Proto: "u8);
        to.Write(secure);
        to.Write("\r\nX-Forwarded-Host: "u8);
        to.Write(request.Host);
        to.Write("\r\nForwarded: for="u8);
        if (hop.PeerIsV6)
        {
            to.Write("\"["u8);
            to.Write(hop.PeerText);
            to.Write("]\""u8);
        }
        else
        {
            to.Write(hop.PeerText);
        }

        to.Write(";host="u8);
        var quoted = request.Host.IndexOfAny((byte)':', (byte)'[') >= 0;
        if (quoted)
        {
            to.Write((byte)'"');
        }

        to.Write(request.Host);
        if (quoted)
        {
            to.Write((byte)'"');
        }

        to.Write(";proto="u8);
        to.Write(secure);
        to.Write("\r\n"u8);
    }
}

/// <summary>What the client's connection says about every request on it.</summary>
internal readonly ref struct Hop
{
    public required ReadOnlySpan<byte> PeerText { get; init; }

    public required bool PeerIsV6 { get; init; }

    public required bool Secure { get; init; }

    public RequestRewrite? Rewrite { get; init; }

    public static byte[] TextOf(IPAddress? address) =>
        address is null ? "unknown"u8.ToArray() : System.Text.Encoding.ASCII.GetBytes((address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString());
}
