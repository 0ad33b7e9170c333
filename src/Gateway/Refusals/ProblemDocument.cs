using System.Text;
using System.Text.Encodings.Web;
using Slipway.Gateway.Forwarding;

namespace Slipway.Gateway.Refusals;

/// <summary>A refusal in the form every client of the platform knows: RFC 9457 with a stable code.</summary>
internal static class ProblemDocument
{
    public static string Json(Refusal refusal, ReadOnlySpan<byte> requestId, ReadOnlySpan<byte> traceId, string path)
    {
        var type = refusal.Type ?? $"/problems/{Kebab(refusal.Code)}";
        return $$"""
            {"type":"{{Escape(type)}}","title":"{{Escape(refusal.Title)}}","status":{{refusal.Status}},"code":"{{Escape(refusal.Code)}}","detail":"{{Escape(refusal.Detail)}}","instance":"{{Escape(path)}}","requestId":"{{Encoding.ASCII.GetString(requestId)}}","traceId":"{{Encoding.ASCII.GetString(traceId)}}","retryable":{{(refusal.Retryable ? "true" : "false")}}{{refusal.Members}}}
            """;
    }

    /// <summary>The whole answer, head and body, as HTTP/1.1.</summary>
    public static void Write(OutBuffer to, Refusal refusal, RequestIdentity? identity, string path, bool close, bool head, string extraHeaders)
    {
        var json = Json(refusal, identity is null ? default : identity.RequestId, identity is null ? default : identity.TraceId, path);
        to.Write("HTTP/1.1 "u8);
        to.WriteNumber(refusal.Status);
        to.Write((byte)' ');
        to.Write(Reason(refusal.Status));
        to.Write("\r\nContent-Type: application/problem+json\r\nCache-Control: no-store\r\nContent-Length: "u8);
        to.WriteNumber(Encoding.UTF8.GetByteCount(json));
        to.Write("\r\n"u8);
        if (identity is not null)
        {
            to.Write("X-Request-Id: "u8);
            to.Write(identity.RequestId);
            to.Write("\r\nX-Trace-Id: "u8);
            to.Write(identity.TraceId);
            to.Write("\r\n"u8);
        }

        if (refusal.RetryAfterSeconds is { } seconds)
        {
            to.Write("Retry-After: "u8);
            to.WriteNumber(seconds);
            to.Write("\r\n"u8);
        }

        to.Write(refusal.Headers);
        to.Write(extraHeaders);
        to.Write(close ? "Connection: close\r\n\r\n"u8 : "\r\n"u8);
        if (!head)
        {
            to.WriteUtf8(json);
        }
    }

    private static string Reason(int status) => status switch
    {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        408 => "Request Timeout",
        413 => "Content Too Large",
        417 => "Expectation Failed",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        505 => "HTTP Version Not Supported",
        _ => "Refused",
    };

    private static string Escape(string text) => JavaScriptEncoder.Default.Encode(text);

    private static string Kebab(string code)
    {
        var text = new StringBuilder(code.Length + 4);
        foreach (var character in code)
        {
            if (char.IsAsciiLetterUpper(character))
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(character));
        }

        return text.ToString();
    }
}
