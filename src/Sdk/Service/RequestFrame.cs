using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;
using Slipway.Sdk.Telemetry;

namespace Slipway.Sdk.Service;

/// <summary>What surrounds every request: its ids, the headers of its answer, its span, its figures, and an answer for everything that goes wrong.</summary>
internal sealed partial class RequestFrame(RequestDelegate next, Drain drain, RequestTrace trace, MetricsRegistry metrics, TimeProvider time, ILogger<RequestFrame> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var began = time.GetTimestamp();
        var requestId = RequestIds.Assign(http);
        SecurityHeaders.Write(http.Response.Headers);
        if (OwnAddresses.Find(http) is { } own)
        {
            http.Response.OnStarting(static state => Start((HttpResponse)state), http.Response);
            await AnswerAsync(http, own);
            return;
        }

        var durations = await metrics.RequestDurationsAsync();
        var scope = new RequestScope(http, requestId, RequestIds.CorrelationOf(http, requestId));
        RequestScope.Current = scope;
        http.Response.OnStarting(() =>
        {
            http.Response.Headers["Server-Timing"] = scope.Timings(time.GetElapsedTime(began));
            return Start(http.Response);
        });
        var span = trace.Begin(http);
        Exception? failure = null;
        if (drain.TryEnter())
        {
            try
            {
                failure = await AnswerInTimeAsync(http, scope);
            }
            finally
            {
                drain.Leave();
            }
        }
        else
        {
            http.Response.Headers.Connection = "close";
            await TellAsync(http, Problem.Unavailable("stopping", "This instance is stopping; another one takes the call.", TimeSpan.FromSeconds(1)));
        }

        Finish(http, scope, span, failure, durations, time.GetElapsedTime(began));
    }

    private void Finish(HttpContext http, RequestScope scope, Activity? span, Exception? failure, Histogram<double> durations, TimeSpan duration)
    {
        var route = scope.Route;
        durations.Record(
            duration.TotalSeconds,
            new("http.route", route),
            new("http.request.method", MethodOf(http.Request.Method)),
            new("http.response.status_code", http.Response.StatusCode));
        AccessLog.Write(log, http, duration);
        RequestTrace.End(span, http, route, failure);
        scope.Close();
    }

    private async Task<Exception?> AnswerInTimeAsync(HttpContext http, RequestScope scope)
    {
        if (RequestDeadline.Begin(http, time) is not { } deadline)
        {
            return await AnswerAsync(http, next);
        }

        using (deadline)
        {
            scope.Deadline = deadline;
            return await AnswerAsync(http, next, deadline);
        }
    }

    /// <summary>Answers what was unexpected, or null.</summary>
    private async Task<Exception?> AnswerAsync(HttpContext http, RequestDelegate answer, RequestDeadline? deadline = null)
    {
        try
        {
            await answer(http);
            if (!http.Response.HasStarted && http.Response.StatusCode >= 400 && http.Response.ContentType is null && http.Response.ContentLength is null)
            {
                HeadRequests.CompleteAllow(http.Response.Headers);
                await TellAsync(http, FrameworkProblems.Of(http));
            }

            return null;
        }
        catch (OperationCanceledException) when (deadline is { HasPassed: true })
        {
            deadline.Dispose();
            await TellAsync(http, RequestDeadline.Problem);
            return null;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested)
        {
            // Nobody listens any more; the status is for log and figures only.
            if (!http.Response.HasStarted)
            {
                http.Response.StatusCode = 499;
            }

            return null;
        }
        catch (ProblemException exception)
        {
            await TellAsync(http, exception.Problem);
            return null;
        }
        catch (BadHttpRequestException exception)
        {
            await TellAsync(http, FrameworkProblems.Of(exception));
            return null;
        }
        catch (Exception exception)
        {
            Failed(exception);
            await TellAsync(http, FrameworkProblems.Internal());
            return exception;
        }
    }

    /// <summary>Nobody is there to hear that nobody is there.</summary>
    private static async Task TellAsync(HttpContext http, Problem problem)
    {
        try
        {
            await ProblemResults.WriteAsync(http, problem);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested)
        {
        }
    }

    private static Task Start(HttpResponse response)
    {
        SecurityHeaders.WritePolicy(response);
        return Task.CompletedTask;
    }

    private static string MethodOf(string method) => method switch
    {
        "GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" or "OPTIONS" => method,
        _ => "other",
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "The request failed")]
    private partial void Failed(Exception exception);
}
