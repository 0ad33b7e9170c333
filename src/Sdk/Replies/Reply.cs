using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Replies;

/// <summary>An answer that is finished before it is sent, so it can be stored with the effect it tells of and be sent again.</summary>
public sealed class Reply : IResult, IStatusCodeHttpResult
{
    private const string Json = "application/json; charset=utf-8";

    /// <summary>A reply as it was stored.</summary>
    public Reply(int status, IReadOnlyList<KeyValuePair<string, string>> headers, ReadOnlyMemory<byte> body) =>
        (Status, Headers, Body) = (status, headers, body);

    public int Status { get; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Set if this reply tells of a problem; its body is then written when it is sent, with the ids of that request.</summary>
    public Problem? Problem { get; private init; }

    int? IStatusCodeHttpResult.StatusCode => Status;

    public static Reply Ok<T>(T body, JsonTypeInfo<T> type, string? etag = null) => Of(200, body, type, null, etag);

    public static Reply Created<T>(string location, T body, JsonTypeInfo<T> type, string? etag = null) => Of(201, body, type, location, etag);

    public static Reply Accepted<T>(string location, T body, JsonTypeInfo<T> type) => Of(202, body, type, location, null);

    public static Reply NoContent() => new(204, [], default);

    public static Reply Of(Problem problem)
    {
        var headers = ProblemDocument.Headers(problem).Prepend(new("Content-Type", ProblemDocument.MediaType));
        return new Reply(problem.Status, [.. headers], ProblemDocument.Write(problem, null, null, null)) { Problem = problem };
    }

    public Reply With(string header, string value) => new(Status, [.. Headers, new(header, value)], Body) { Problem = Problem };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        foreach (var (name, value) in Headers)
        {
            response.Headers[name] = value;
        }

        if (Problem is not null)
        {
            await ProblemResults.WriteAsync(httpContext, Problem);
            return;
        }

        response.StatusCode = Status;
        if (Status is 204 or 304)
        {
            return;
        }

        response.ContentLength = Body.Length;
        if (!HttpMethods.IsHead(httpContext.Request.Method))
        {
            await response.Body.WriteAsync(Body, httpContext.RequestAborted);
        }
    }

    private static Reply Of<T>(int status, T body, JsonTypeInfo<T> type, string? location, string? etag)
    {
        var headers = new List<KeyValuePair<string, string>>(3) { new("Content-Type", Json) };
        if (location is not null)
        {
            headers.Add(new("Location", location));
        }

        if (etag is not null)
        {
            headers.Add(new("ETag", etag));
        }

        return new Reply(status, headers, JsonSerializer.SerializeToUtf8Bytes(body, type));
    }
}
