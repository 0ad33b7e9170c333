using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Slipway.Gateway.Choosing;
using Slipway.Gateway.Listening;
using Slipway.Gateway.Messages;
using Yarp.ReverseProxy.Forwarder;

namespace Slipway.Gateway.Multiplexing;

/// <summary>The same fields to the instance and back as on the short way.</summary>
internal sealed class StreamTransformer(GatewayCore core, StreamJourney journey, CancellationTokenSource responseStart, string prefix) : HttpTransformer
{
    private static readonly UriCreationOptions s_asSent = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken).ConfigureAwait(false);
        var view = journey.View;
        var rewrite = journey.Decision!.Rewrite;
        var path = rewrite?.PathAndQuery ?? view.PathAndQuery;
        proxyRequest.RequestUri = new Uri(prefix + path, s_asSent);
        proxyRequest.Headers.Host = rewrite?.Host ?? view.Authority;
        var headers = proxyRequest.Headers;
        var reserved = headers.Select(header => header.Key).Where(name => FieldKinds.IsReserved(name) || rewrite?.Removed?.Contains(name.ToLowerInvariant()) == true).ToList();
        reserved.ForEach(name => headers.Remove(name));
        foreach (var (name, value) in Lines(rewrite?.AddedFields ?? ""))
        {
            headers.TryAddWithoutValidation(name, value);
        }

        var peer = Encoding.ASCII.GetString(Forwarding.Hop.TextOf(view.Peer));
        var scheme = view.IsSecure ? "https" : "http";
        var before = view.Header("X-Forwarded-For");
        headers.TryAddWithoutValidation("X-Forwarded-For", before is null ? peer : $"{before}, {peer}");
        headers.TryAddWithoutValidation("X-Forwarded-Proto", scheme);
        headers.TryAddWithoutValidation("X-Forwarded-Host", view.Authority);
        var host = view.Authority.AsSpan().IndexOfAny(':', '[') >= 0 ? $"\"{view.Authority}\"" : view.Authority;
        var node = peer.Contains(':', StringComparison.Ordinal) ? $"\"[{peer}]\"" : peer;
        headers.TryAddWithoutValidation("Forwarded", $"for={node};host={host};proto={scheme}");
        headers.Remove("X-Request-Id");
        headers.TryAddWithoutValidation("X-Request-Id", journey.RequestId);
        headers.Remove("traceparent");
        headers.TryAddWithoutValidation("traceparent", journey.TraceParent);
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null)
        {
            return false;
        }

        // The answer has begun: only the idle limit counts from here.
        responseStart.CancelAfter(Timeout.InfiniteTimeSpan);
        journey.AnswerBegan = core.Now;
        await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken).ConfigureAwait(false);
        var decision = journey.Decision!;
        var headers = httpContext.Response.Headers;
        foreach (var name in decision.AnswerRemoved ?? [])
        {
            headers.Remove(name);
        }

        journey.AddFields(decision.AnswerFields);
        if (decision.SessionPoint is { } point && journey.Slot is { } slot && decision.Affinity != slot.AffinityKey)
        {
            journey.AddFields(SessionCookie.Field(point, slot.AffinityKey, journey.View.IsSecure));
        }

        if (headers.ContainsKey(HeaderNames.SetCookie) && !IsPrivate(headers.CacheControl.ToString()))
        {
            headers.CacheControl = "private";
        }

        headers["X-Request-Id"] = journey.RequestId;
        var app = core.SecondsSince(journey.HandedOver) * 1000;
        var wait = journey.QueueSeconds > 0 ? $"{(journey.Woken ? "wake" : "queue")};dur={journey.QueueSeconds * 1000:F2}, " : "";
        headers.Append("Server-Timing", $"{wait}app;dur={app:F2}");
        return true;
    }

    public static IEnumerable<(string Name, string Value)> Lines(string fields)
    {
        foreach (var line in fields.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                yield return (line[..colon], line[(colon + 1)..].Trim());
            }
        }
    }

    private static bool IsPrivate(string value) =>
        value.Contains("private", StringComparison.OrdinalIgnoreCase) || value.Contains("no-store", StringComparison.OrdinalIgnoreCase);
}
