using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Titanic.Api.Metrics;

/// <summary>
/// Counts every request and how long it took under the names this API's dashboards know, and tells each answer's trace. The latency is taken
/// down the moment the answer begins, while the request's span is open, so that a figure leads to a trace.
/// </summary>
internal sealed class RequestFigures : IStartupFilter
{
    private readonly TimeProvider _time;
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _latencies;

    public RequestFigures(Meter meter, TimeProvider time)
    {
        _time = time;
        _requests = meter.CreateCounter<long>("api.requests", "{request}", "Requests by method, endpoint and status.");
        _latencies = meter.CreateHistogram(
            "api.response.latency", "s", "Time from a request's head to the beginning of its answer.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(following => http => CountAsync(http, following));
        next(app);
    };

    private async Task CountAsync(HttpContext http, RequestDelegate following)
    {
        var began = _time.GetTimestamp();
        var method = http.Request.Method;
        http.Response.OnStarting(() =>
        {
            Begin(http, method, began);
            return Task.CompletedTask;
        });
        await following(http);
        if (EndpointOf(http) is { } endpoint)
        {
            _requests.Add(1, new("method", method), new("endpoint", endpoint), new("status", http.Response.StatusCode));
        }
    }

    private void Begin(HttpContext http, string method, long began)
    {
        if (EndpointOf(http) is { } endpoint)
        {
            _latencies.Record(_time.GetElapsedTime(began).TotalSeconds, new("method", method), new("endpoint", endpoint));
        }

        // An answer without a body begins when its span is over already.
        if ((Activity.Current ?? http.Features.Get<RequestSpan>()?.Activity) is { } span)
        {
            http.Response.Headers["X-Trace-Id"] = span.TraceId.ToHexString();
            http.Response.Headers["traceparent"] = $"00-{span.TraceId.ToHexString()}-{span.SpanId.ToHexString()}-{(span.Recorded ? "01" : "00")}";
        }
    }

    /// <summary>The template, never the path: paths hold ids and would make figures without end. Null for what is no endpoint of this API.</summary>
    private static string? EndpointOf(HttpContext http) => (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
}

/// <summary>The span of a request, for what is said about it once it is over.</summary>
internal sealed record RequestSpan(Activity Activity)
{
    /// <summary>Goes behind the frame that opens the span.</summary>
    public static void Remember(IApplicationBuilder app) => app.Use(next => http =>
    {
        if (Activity.Current is { } activity)
        {
            http.Features.Set(new RequestSpan(activity));
        }

        return next(http);
    });
}
