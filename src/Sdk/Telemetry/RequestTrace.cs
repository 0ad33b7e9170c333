using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Slipway.Sdk.Telemetry;

/// <summary>
/// The span of a request. There is always one, exported or not, since logs, problems and outgoing calls carry its ids.
/// </summary>
internal sealed class RequestTrace : IDisposable
{
    private const string TraceParent = "traceparent";

    private readonly ActivitySource _source;
    private readonly ActivityListener _listener;

    public RequestTrace(Traces traces)
    {
        var source = _source = traces.Source;
        _listener = new ActivityListener
        {
            ShouldListenTo = candidate => ReferenceEquals(candidate, source),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public Activity? Begin(HttpContext http)
    {
        var headers = http.Request.Headers;
        var parent = default(ActivityContext);
        if (headers[TraceParent] is { Count: 1 } header)
        {
            ActivityContext.TryParse(header[0], headers["tracestate"] is { Count: > 0 } state ? state.ToString() : null, isRemote: true, out parent);
        }

        return _source.StartActivity(http.Request.Method, ActivityKind.Server, parent);
    }

    public static void End(Activity? activity, HttpContext http, string route, Exception? failure)
    {
        if (activity is null)
        {
            return;
        }

        if (activity.IsAllDataRequested)
        {
            activity.DisplayName = $"{http.Request.Method} {route}";
            activity.SetTag("http.request.method", http.Request.Method);
            activity.SetTag("http.route", route);
            activity.SetTag("url.path", http.Request.Path.Value);
            activity.SetTag("http.response.status_code", http.Response.StatusCode);
            if (failure is not null)
            {
                activity.SetTag("error.type", failure.GetType().FullName);
                activity.AddException(failure);
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
