using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Slipway.Sdk.Requests;

/// <summary>The id a request is known by in logs, problems and support calls.</summary>
public static class RequestIds
{
    public const string HeaderName = "X-Request-Id";

    private static readonly SearchValues<char> s_allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static string? RequestId(this HttpContext http) => http.Features.Get<RequestIdentity>()?.Id;

    /// <summary>Takes the sender's id if it is harmless, else a new one.</summary>
    internal static string Assign(HttpContext http)
    {
        var header = http.Request.Headers[HeaderName];
        var id = header.Count == 1 && IsAcceptable(header[0]) ? header[0]! : Guid.CreateVersion7().ToString();
        http.Features.Set(new RequestIdentity(id));
        http.Response.Headers[HeaderName] = id;
        return id;
    }

    /// <summary>What the sender says the request is part of, else the request itself.</summary>
    internal static string CorrelationOf(HttpContext http, string requestId) =>
        http.Request.Headers["X-Correlation-Id"] is { Count: 1 } header && IsAcceptable(header[0]) ? header[0]! : requestId;

    internal static bool IsAcceptable(string? id) => id is { Length: >= 8 and <= 128 } && !id.AsSpan().ContainsAnyExcept(s_allowed);

    private sealed record RequestIdentity(string Id);
}
