using Slipway.Gateway.Routing;
using Slipway.Model.Gateway;
using Slipway.Model.Serving;

namespace Slipway.Gateway.Choosing;

/// <summary>The new addresses of redirects and rewrites.</summary>
internal static class Addresses
{
    public static string NewPath(PathModifier change, CompiledMatch match, string path)
    {
        if (change.Type == "ReplaceFullPath")
        {
            return Clean(change.ReplaceFullPath ?? "/");
        }

        // What was matched is replaced; the rest, with its slash, stays.
        var rest = match.Kind == PathKind.Prefix ? path[Math.Min(match.Value.Length, path.Length)..] : "";
        var prefix = (change.ReplacePrefixMatch ?? "/").TrimEnd('/');
        return Clean(prefix + rest);
    }

    public static DirectAnswer Redirect(RequestRedirect redirect, CompiledMatch match, IRequestView request, IngressSettings ingress)
    {
        var scheme = redirect.Scheme ?? (request.IsSecure ? "https" : "http");
        var (host, port) = Split(request.Authority);
        if (redirect.Hostname is { Length: > 0 } other)
        {
            host = other;
        }

        if (redirect.Port is { } given)
        {
            port = given;
        }
        else if (redirect.Scheme is not null && redirect.Scheme != (request.IsSecure ? "https" : "http"))
        {
            port = redirect.Scheme == ingress.Scheme ? ingress.Port : null;
        }

        var path = redirect.Path is { } change ? NewPath(change, match, request.Path) : request.Path;
        var shown = port is null or 0 || (scheme, port) is ("http", 80) or ("https", 443) ? "" : $":{port}";
        var status = redirect.StatusCode ?? 302;
        return new DirectAnswer(status, Reason(status), $"\r\nLocation: {scheme}://{host}{shown}{path}{request.Query}\r\nContent-Length: 0");
    }

    private static (string Host, int? Port) Split(string authority)
    {
        var colon = authority.LastIndexOf(':');
        return colon > authority.LastIndexOf(']') && int.TryParse(authority.AsSpan(colon + 1), out var port)
            ? (authority[..colon], port)
            : (authority, null);
    }

    private static string Clean(string path)
    {
        path = path.StartsWith('/') ? path : "/" + path;
        return string.Concat(path.Select(character => character is > ' ' and < (char)0x7F and not '#' ? character.ToString() : Uri.EscapeDataString(character.ToString())));
    }

    private static string Reason(int status) => status switch
    {
        301 => "Moved Permanently",
        303 => "See Other",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        _ => "Found",
    };
}
