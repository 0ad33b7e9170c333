using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Slipway.Gateway.Listening;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Multiplexing;

/// <summary>A request of Kestrel as rules and policies see it: path and query as sent, not as decoded.</summary>
internal sealed class ContextView : IRequestView
{
    private readonly GatewayCore _core;
    private readonly HttpContext _context;

    public ContextView(GatewayCore core, HttpContext context, bool secure)
    {
        _core = core;
        _context = context;
        IsSecure = secure;
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!target.StartsWith('/'))
        {
            target = context.Request.Path.ToUriComponent() + context.Request.QueryString.ToUriComponent();
        }

        PathAndQuery = target.Length == 0 ? "/" : target;
        var question = PathAndQuery.IndexOf('?', StringComparison.Ordinal);
        Path = question < 0 ? PathAndQuery : PathAndQuery[..question];
        Query = question < 0 ? "" : PathAndQuery[question..];
    }

    public string PathAndQuery { get; }

    public string Method => _context.Request.Method;

    public string Path { get; }

    public string Query { get; }

    public string Authority => _context.Request.Host.Value ?? "";

    public bool IsSecure { get; }

    public IPAddress? Peer => _context.Connection.RemoteIpAddress;

    public IPAddress? Caller => _core.CallerOf(Peer, _core.Settings.TrustedProxies.Count > 0 ? Header("X-Forwarded-For") : null);

    public string? Header(string name)
    {
        var values = _context.Request.Headers[name];
        return values.Count == 0 ? null : values.Count == 1 ? values[0] : string.Join(", ", values.ToArray());
    }
}
