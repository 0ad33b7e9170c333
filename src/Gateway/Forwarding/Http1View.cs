using System.Net;
using System.Text;
using Slipway.Gateway.Listening;
using Slipway.Gateway.Messages;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Forwarding;

/// <summary>A parsed HTTP/1.1 head as rules and policies see it.</summary>
internal sealed class Http1View(GatewayCore core, ClientConnection client, RequestHead head) : IRequestView
{
    private string? _method;
    private string? _path;

    public string Method => _method ??= Encoding.Latin1.GetString(head.Method);

    public string Path => _path ??= Encoding.Latin1.GetString(head.Path);

    public string Query => Encoding.Latin1.GetString(head.Query);

    public string Authority => Encoding.Latin1.GetString(head.Host);

    public bool IsSecure => client.Secure;

    public IPAddress? Caller => core.CallerOf(client.Peer, core.Settings.TrustedProxies.Count > 0 ? head.FindText("x-forwarded-for") : null);

    public string? Header(string name) => head.FindText(name);
}
