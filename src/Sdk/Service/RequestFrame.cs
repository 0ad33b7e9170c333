using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Sdk.Health;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;

namespace Slipway.Sdk.Service;

/// <summary>What surrounds every request: its id, the headers of its answer, and an answer for everything that goes wrong.</summary>
internal sealed partial class RequestFrame(RequestDelegate next, Drain drain, ILogger<RequestFrame> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        RequestIds.Assign(http);
        if (HealthEndpoints.Are(http.Request.Path))
        {
            await AnswerAsync(http);
            return;
        }

        if (!drain.TryEnter())
        {
            http.Response.Headers.Connection = "close";
            await ProblemResults.WriteAsync(http, Problem.Unavailable("stopping", "This instance is stopping; another one takes the call.", TimeSpan.FromSeconds(1)));
            return;
        }

        try
        {
            await AnswerAsync(http);
        }
        finally
        {
            drain.Leave();
        }
    }

    private async Task AnswerAsync(HttpContext http)
    {
        try
        {
            await next(http);
            if (!http.Response.HasStarted && http.Response.StatusCode >= 400 && http.Response.ContentType is null && http.Response.ContentLength is null)
            {
                await ProblemResults.WriteAsync(http, FrameworkProblems.Of(http));
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody listens any more; the status is for the log only.
            http.Response.StatusCode = http.Response.HasStarted ? http.Response.StatusCode : 499;
        }
        catch (ProblemException exception)
        {
            await ProblemResults.WriteAsync(http, exception.Problem);
        }
        catch (BadHttpRequestException exception)
        {
            await ProblemResults.WriteAsync(http, FrameworkProblems.Of(exception));
        }
        catch (Exception exception)
        {
            Failed(exception);
            await ProblemResults.WriteAsync(http, FrameworkProblems.Internal());
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The request failed")]
    private partial void Failed(Exception exception);
}
