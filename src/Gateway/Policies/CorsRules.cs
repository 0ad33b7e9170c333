using System.Collections.Frozen;
using Slipway.Gateway.Routing;
using Slipway.Model.Platform;

namespace Slipway.Gateway.Policies;

/// <summary>Which web pages may call: answers preflights itself and marks the answers pages may read.</summary>
internal sealed class CorsRules(CorsSpec spec)
{
    /// <summary>With a policy in force, what an instance says about it does not count.</summary>
    public static readonly FrozenSet<string> Overruled = new[]
    {
        "access-control-allow-origin", "access-control-allow-methods", "access-control-allow-headers", "access-control-expose-headers",
        "access-control-allow-credentials", "access-control-max-age",
    }.ToFrozenSet();

    private readonly FrozenSet<string> _origins = (spec.AllowOrigins ?? []).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    private readonly bool _credentials = spec.AllowCredentials == true;
    private readonly string _methods = spec.AllowMethods is { Count: > 0 } methods ? string.Join(", ", methods) : "GET, HEAD, POST";

    /// <summary>Lines for the answer to a page's request, each preceded by CRLF.</summary>
    public string AnswerFields(string origin)
    {
        if (!Allows(origin))
        {
            return "\r\nVary: Origin";
        }

        var exposed = spec.ExposeHeaders is { Count: > 0 } names ? $"\r\nAccess-Control-Expose-Headers: {string.Join(", ", names)}" : "";
        return $"{OriginFields(origin)}{exposed}";
    }

    /// <summary>The whole answer to a preflight, or null when the request is none. A page that may not call gets no permission, not an error.</summary>
    public string? Preflight(IRequestView request, string origin)
    {
        if (request.Method != "OPTIONS" || request.Header("Access-Control-Request-Method") is not { } method)
        {
            return null;
        }

        if (!Allows(origin))
        {
            return "\r\nVary: Origin";
        }

        // With credentials a star would be taken literally, so the wish itself is what is allowed.
        var methods = _methods.Contains('*', StringComparison.Ordinal) && IsToken(method) ? method : _methods;
        var wished = request.Header("Access-Control-Request-Headers") ?? "";
        var headers = spec.AllowHeaders is { Count: > 0 } allowed
            ? allowed.Contains("*") ? wished : string.Join(", ", allowed)
            : "";
        var age = spec.MaxAgeSeconds is { } seconds ? $"\r\nAccess-Control-Max-Age: {seconds}" : "";
        var headerLine = headers.Length > 0 ? $"\r\nAccess-Control-Allow-Headers: {headers}" : "";
        return $"{OriginFields(origin)}\r\nAccess-Control-Allow-Methods: {methods}{headerLine}{age}";
    }

    private string OriginFields(string origin)
    {
        var any = _origins.Contains("*") && !_credentials;
        return $"\r\nAccess-Control-Allow-Origin: {(any ? "*" : origin)}{(_credentials ? "\r\nAccess-Control-Allow-Credentials: true" : "")}\r\nVary: Origin";
    }

    private bool Allows(string origin) => _origins.Contains(origin) || (_origins.Contains("*") && !_credentials);

    private static bool IsToken(string text) => text.Length is > 0 and < 32 && text.All(char.IsAsciiLetter);
}
