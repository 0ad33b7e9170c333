using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Slipway.Api.Platform.Answers;

/// <summary>Puts answers on the wire.</summary>
internal static class AnswerWriter
{
    public static async Task WriteAsync(HttpContext http, Answer answer, string requestId)
    {
        http.Response.Headers.CacheControl = "no-store";
        switch (answer)
        {
            case Answer.Refused refused:
                await WriteProblemAsync(http, refused.Problem, requestId);
                break;
            case Answer.Done:
                http.Response.StatusCode = 204;
                break;
            case Answer.Document document:
                if (document.Location is { } location)
                {
                    http.Response.Headers.Location = location;
                }

                if (document.Page is { } page)
                {
                    http.Response.Headers.Link = Links(http.Request, page);
                }

                await SendAsync(http, document.Status, "application/json", document.ToJson());
                break;
            case Answer.Streamed streamed:
                await streamed.WriteAsync(http);
                break;
        }
    }

    private static Task WriteProblemAsync(HttpContext http, Problem problem, string requestId)
    {
        if (problem.RetryAfterSeconds is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (problem.Status == 401)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
        }

        if (problem.Allow.Count > 0)
        {
            http.Response.Headers.Allow = string.Join(", ", problem.Allow);
        }

        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, problem, http.Request.Path.Value ?? "/", requestId, TraceId(http.Request));
        }

        return SendAsync(http, problem.Status, "application/problem+json", buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, Problem problem, string instance, string requestId, string? traceId)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, $"/problems/{Kebab(problem.Code)}");
        writer.WriteString("title"u8, problem.Title);
        writer.WriteNumber("status"u8, problem.Status);
        writer.WriteString("code"u8, problem.Code);
        writer.WriteString("detail"u8, problem.Detail);
        writer.WriteString("instance"u8, instance);
        writer.WriteString("requestId"u8, requestId);
        if (traceId is not null)
        {
            writer.WriteString("traceId"u8, traceId);
        }

        writer.WriteBoolean("retryable"u8, problem.Retryable);
        writer.WriteStartArray("errors"u8);
        foreach (var error in problem.Errors)
        {
            writer.WriteStartObject();
            WritePlace(writer, error);
            writer.WriteString("code"u8, error.Code);
            writer.WriteString("detail"u8, error.Detail);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WritePlace(Utf8JsonWriter writer, ProblemError error)
    {
        if (error.Parameter is not null)
        {
            writer.WriteString("parameter"u8, error.Parameter);
        }
        else if (error.Header is not null)
        {
            writer.WriteString("header"u8, error.Header);
        }
        else
        {
            writer.WriteString("pointer"u8, error.Pointer);
        }
    }

    private static async Task SendAsync(HttpContext http, int status, string contentType, byte[] json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = json.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(json, http.RequestAborted);
        }
    }

    private static string Links(HttpRequest request, PageView page)
    {
        var links = new List<string> { Link(request, null, "first") };
        if (page.Prev is not null)
        {
            links.Add(Link(request, page.Prev, "prev"));
        }

        if (page.Next is not null)
        {
            links.Add(Link(request, page.Next, "next"));
        }

        return string.Join(", ", links);
    }

    private static string Link(HttpRequest request, string? cursor, string relation)
    {
        var query = new QueryBuilder(request.Query.Where(pair => pair.Key != "cursor").Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString())));
        if (cursor is not null)
        {
            query.Add("cursor", cursor);
        }

        return $"<{request.PathBase}{request.Path}{query.ToQueryString()}>; rel=\"{relation}\"";
    }

    private static string? TraceId(HttpRequest request) =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity
            ? activity.TraceId.ToHexString()
            : ActivityContext.TryParse(request.Headers["traceparent"].ToString(), null, out var parent) ? parent.TraceId.ToHexString() : null;

    private static string Kebab(string code)
    {
        var text = new StringBuilder(code.Length + 4);
        foreach (var letter in code)
        {
            if (char.IsAsciiLetterUpper(letter))
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
