using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Requests;

namespace Slipway.Sdk.Telemetry;

/// <summary>
/// The span of a request. There is always one, exported or not, since logs, problems and outgoing calls carry its ids.
/// </summary>
internal sealed class RequestTrace : IDisposable
{
    private const string TraceParent = "traceparent";
    private const string TraceId = "X-Trace-Id";

    // Boxed once: a status is part of every span.
    private static readonly object[] s_statuses = [.. Enumerable.Range(0, 600).Cast<object>()];

    private readonly ActivitySource _source;
    private readonly ActivityListener _listener;

    public RequestTrace(Traces traces)
    {
        var source = _source = traces.Source;
        _listener = new ActivityListener
        {
            ShouldListenTo = candidate => ReferenceEquals(candidate, source),
            Sample = static (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Kind == ActivityKind.Server ? ActivitySamplingResult.PropagationData : ActivitySamplingResult.None,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Also tells the answer's reader under which name the request can be looked up.</summary>
    public Activity? Begin(HttpContext http)
    {
        var headers = http.Request.Headers;
        var parent = default(ActivityContext);
        if (headers[TraceParent] is { Count: 1 } header)
        {
            ActivityContext.TryParse(header[0], headers["tracestate"] is { Count: > 0 } state ? state.ToString() : null, isRemote: true, out parent);
        }

        var span = _source.StartActivity(http.Request.Method, ActivityKind.Server, parent);
        if (span is not null)
        {
            if (parent == default || (parent.TraceFlags & ActivityTraceFlags.Recorded) != 0)
            {
                // What of a trace is kept is decided when it is complete: whoever is called records it, even if this service sends nothing.
                span.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
            }

            http.Response.Headers[TraceParent] = span.Id;
            http.Response.Headers[TraceId] = span.TraceId.ToHexString();
        }

        return span;
    }

    public static void End(Activity? activity, HttpContext http, string route, Exception? failure)
    {
        if (activity is null)
        {
            return;
        }

        if (activity.IsAllDataRequested)
        {
            var status = http.Response.StatusCode;
            activity.DisplayName = $"{http.Request.Method} {route}";
            activity.AddTag("http.request.method", http.Request.Method);
            activity.AddTag("http.route", route);
            activity.AddTag("url.path", http.Request.Path.Value);
            activity.AddTag("http.response.status_code", status < s_statuses.Length ? s_statuses[status] : status);
            activity.AddTag("slipway.request_id", http.RequestId());
            if (failure is not null)
            {
                activity.AddTag("error.type", failure.GetType().FullName);
                activity.AddException(failure);
            }
            else if (status >= 500)
            {
                activity.AddTag("error.type", status.ToString(CultureInfo.InvariantCulture));
            }
        }

        if (http.Response.StatusCode >= 500)
        {
            activity.SetStatus(ActivityStatusCode.Error);
        }

        activity.Dispose();
    }

    public void Dispose() => _listener.Dispose();
}
