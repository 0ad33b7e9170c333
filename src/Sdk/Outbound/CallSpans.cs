using System.Diagnostics;
using System.Globalization;

namespace Slipway.Sdk.Outbound;

/// <summary>The span of one attempt to call another service, and the header by which the other side goes on with the trace.</summary>
internal static class CallSpans
{
    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";

    private static readonly ActivitySource s_source = new("Slipway.Calls");

    /// <param name="attempt">From 1.</param>
    public static Activity? Begin(HttpRequestMessage request, string service, int attempt)
    {
        var span = s_source.StartActivity("call", ActivityKind.Client);
        if (span is { IsAllDataRequested: true })
        {
            span.DisplayName = $"{request.Method.Method} {service}";
            span.AddTag("http.request.method", request.Method.Method);
            span.AddTag("peer.service", service);
            span.AddTag("url.path", request.RequestUri?.AbsolutePath);
            if (attempt > 1)
            {
                span.AddTag("http.request.resend_count", attempt - 1);
            }
        }

        return span;
    }

    /// <summary>The current span, or the request's own where nothing is recorded.</summary>
    public static void Introduce(HttpRequestMessage request)
    {
        if (Activity.Current is not { IdFormat: ActivityIdFormat.W3C } current)
        {
            return;
        }

        request.Headers.Remove(TraceParent);
        request.Headers.TryAddWithoutValidation(TraceParent, current.Id);
        if (!string.IsNullOrEmpty(current.TraceStateString))
        {
            request.Headers.Remove(TraceState);
            request.Headers.TryAddWithoutValidation(TraceState, current.TraceStateString);
        }
    }

    public static void Answered(Activity? span, HttpResponseMessage response)
    {
        if (span is { IsAllDataRequested: true })
        {
            var status = (int)response.StatusCode;
            span.AddTag("http.response.status_code", status);
            if (status >= 400)
            {
                span.AddTag("error.type", status.ToString(CultureInfo.InvariantCulture));
                span.SetStatus(ActivityStatusCode.Error);
            }
        }
    }

    public static void Failed(Activity? span, Exception exception)
    {
        if (span is { IsAllDataRequested: true })
        {
            span.AddTag("error.type", exception.GetType().FullName);
            span.SetStatus(ActivityStatusCode.Error, exception.Message);
        }
    }
}
