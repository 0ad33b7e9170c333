using System.Net;
using Microsoft.AspNetCore.Http;

namespace Slipway.Sdk.Requests;

/// <summary>Where a request came from. The gateway removes what clients write into Forwarded and writes its own.</summary>
public static class ClientAddress
{
    public static IPAddress? Of(HttpContext http) =>
        http.Request.Headers["Forwarded"] is { Count: > 0 } forwarded ? FromForwarded(forwarded[^1]) : Plain(http.Connection.RemoteIpAddress);

    /// <summary>Came through the gateway, so from outside; a neighbour or an operator's tool connects directly.</summary>
    internal static bool ThroughGateway(HttpContext http) =>
        http.Request.Headers.ContainsKey("Forwarded") || http.Request.Headers.ContainsKey("X-Forwarded-For");

    /// <summary>The client's own connection was encrypted, though the gateway's to here is not.</summary>
    internal static bool OverTls(HttpContext http) =>
        http.Request.IsHttps
        || (http.Request.Headers["Forwarded"] is { Count: > 0 } forwarded && forwarded[^1] is { } text && text.Contains("proto=https", StringComparison.OrdinalIgnoreCase));

    /// <summary>The <c>for</c> of the last element: the one the nearest proxy wrote.</summary>
    internal static IPAddress? FromForwarded(string? header)
    {
        if (header is null)
        {
            return null;
        }

        var element = header.AsSpan(header.LastIndexOf(',') + 1);
        foreach (var range in element.Split(';'))
        {
            var pair = element[range].Trim();
            if (!pair.StartsWith("for=", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var node = pair[4..].Trim().Trim('"');
            if (node.StartsWith('['))
            {
                var end = node.IndexOf(']');
                node = end < 0 ? [] : node[1..end];
            }
            else if (node.Count(':') == 1)
            {
                node = node[..node.IndexOf(':')];
            }

            return IPAddress.TryParse(node, out var address) ? Plain(address) : null;
        }

        return null;
    }

    private static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
