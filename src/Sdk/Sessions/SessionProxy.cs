using System.Buffers;
using System.Collections.Frozen;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Outbound;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Sessions;

/// <summary>
/// A page's call to another service: cookie in, bearer token out. Bodies flow through without being kept, both ways, so event
/// streams arrive as they happen.
/// </summary>
internal sealed class SessionProxy(
    ServiceCalls calls, SessionCookie cookie, SessionKeys keys, SessionStore store, SessionBearer bearer, OriginCheck origin, Drain drain, TimeProvider time)
{
    private const int CopyBytes = 16 * 1024;

    /// <summary>A stream's heartbeat comes every 15 seconds; what is silent for this long is dead.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(100);

    private static readonly CallOptions s_options = new() { Streamed = true, Timeout = TimeSpan.FromSeconds(30), ConcurrencyMax = 2000, BreakerReset = TimeSpan.FromSeconds(5) };

    /// <summary>Of the connection, or only between browser and this service.</summary>
    private static readonly FrozenSet<string> s_kept = new[]
    {
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Expect",
        "Host", "Cookie", "Set-Cookie", "Authorization", "Origin", "Referer", "X-Csrf-Token", "Forwarded", "X-Request-Id", "X-Correlation-Id", "X-Trace-Id", "traceparent", "tracestate",
        "Server", "Date", "Server-Timing", "Strict-Transport-Security",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public async Task ForwardAsync(HttpContext http, string prefix, string service, string target)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(http.Request.Method), Address(http.Request, prefix, target));
        if (await AuthoriseAsync(http, request) is { } refused)
        {
            await ProblemResults.WriteAsync(http, refused);
            return;
        }

        Copy(http.Request, request);
        using var response = await calls.Client(service, s_options).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, http.RequestAborted);
        Copy(response, http.Response);
        var streams = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
        await CopyBodyAsync(http, response, streams);
    }

    /// <summary>Null when the call may go on, with the session's token if there is a session.</summary>
    private async Task<Problem?> AuthoriseAsync(HttpContext http, HttpRequestMessage request)
    {
        if (cookie.Read(http.Request) is not { } value || await store.FindAsync(value, http.RequestAborted) is not { } session)
        {
            return null;
        }

        if (OriginCheck.Changes(http.Request) && origin.Refuse(http.Request, await keys.SealAsync(http.RequestAborted), value) is { } foreign)
        {
            return foreign;
        }

        var token = await bearer.OfAsync(session, http.RequestAborted);
        if (!token.Is(out var access, out var problem))
        {
            if (problem.Status == 401)
            {
                cookie.Clear(http.Response, cookie.Name);
            }

            return problem;
        }

        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
        return null;
    }

    /// <summary>From the path without its dot segments, so nobody climbs out of the target; an escaped slash stays escaped.</summary>
    private static Uri Address(HttpRequest request, string prefix, string target)
    {
        var rest = new PathString(request.Path.Value![prefix.Length..]);
        return new Uri(target + rest.ToUriComponent() + request.QueryString.ToUriComponent(), UriKind.Relative);
    }

    private static void Copy(HttpRequest from, HttpRequestMessage to)
    {
        if (from.ContentLength > 0 || (from.ContentLength is null && OriginCheck.Changes(from) && from.Headers.TransferEncoding.Count > 0))
        {
            to.Content = new StreamContent(from.Body, CopyBytes);
        }

        foreach (var (name, values) in from.Headers)
        {
            if (s_kept.Contains(name) || name.StartsWith("Sec-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("X-Slipway-", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (!to.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                to.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }
    }

    private static void Copy(HttpResponseMessage from, HttpResponse to)
    {
        to.StatusCode = (int)from.StatusCode;
        foreach (var (name, values) in from.Headers.NonValidated.Concat(from.Content.Headers.NonValidated))
        {
            if (!s_kept.Contains(name))
            {
                to.Headers[name] = values.ToArray();
            }
        }
    }

    private async Task CopyBodyAsync(HttpContext http, HttpResponseMessage response, bool streams)
    {
        if (HttpMethods.IsHead(http.Request.Method) || response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotModified)
        {
            return;
        }

        // A stream must not hold up the end of this instance; its reader comes back to another one.
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, streams ? drain.Token : CancellationToken.None);
        using var watchdog = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), silence, s_silence, Timeout.InfiniteTimeSpan);
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(silence.Token);
            if (streams)
            {
                await http.Response.Body.FlushAsync(silence.Token);
            }

            for (int count; (count = await body.ReadAsync(buffer, silence.Token)) > 0;)
            {
                watchdog.Change(s_silence, Timeout.InfiniteTimeSpan);
                await http.Response.Body.WriteAsync(buffer.AsMemory(0, count), silence.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            // The half-sent answer must not look whole. Only a drained event stream may end as if it were.
            if (!streams || !drain.HasBegun)
            {
                http.Abort();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
