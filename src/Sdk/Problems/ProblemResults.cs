using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Requests;

namespace Slipway.Sdk.Problems;

public static class ProblemResults
{
    public static IResult ToResult(this Problem problem) => new ProblemResult(problem);

    /// <summary>Answers with the problem; does nothing to an answer that is already on its way.</summary>
    internal static async Task WriteAsync(HttpContext http, Problem problem)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        var body = ProblemDocument.Write(problem, InstanceOf(http), http.RequestId(), TraceId());
        http.Response.StatusCode = problem.Status;
        http.Response.ContentType = ProblemDocument.MediaType;
        http.Response.ContentLength = body.Length;
        http.Response.Headers.ContentLanguage = "en";
        http.Response.Headers.CacheControl = "no-store";
        foreach (var (name, value) in ProblemDocument.Headers(problem))
        {
            http.Response.Headers[name] = value;
        }

        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        }
    }

    /// <summary>Addresses of the kit itself have no span; their problems get an id of their own, so that they all look alike.</summary>
    private static string TraceId() => (Activity.Current?.TraceId ?? ActivityTraceId.CreateRandom()).ToHexString();

    private static string InstanceOf(HttpContext http) => http.Request.PathBase.Add(http.Request.Path).ToUriComponent();

    private sealed class ProblemResult(Problem problem) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => problem.Status;

        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, problem);
    }
}
