using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Model.Failures;

namespace Slipway.Eventing.Doors;

/// <summary>How the doors answer: JSON, and problems in the shape every service uses.</summary>
internal static class Answers
{
    public static async Task JsonAsync(HttpContext http, int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        http.Response.StatusCode = status;
        http.Response.ContentType ??= "application/json";
        http.Response.ContentLength = buffer.WrittenCount;
        await http.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, http.RequestAborted);
    }

    public static Task ProblemAsync(HttpContext http, Failure failure) => ProblemAsync(http, StatusOf(failure), failure);

    public static Task ProblemAsync(HttpContext http, int status, Failure failure)
    {
        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            http.Response.Headers.RetryAfter = "1";
        }

        if (status == StatusCodes.Status401Unauthorized)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
        }

        http.Response.ContentType = "application/problem+json";
        return JsonAsync(http, status, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("type", $"/problems/{failure.Code}");
            writer.WriteString("title", Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status));
            writer.WriteNumber("status", status);
            writer.WriteString("code", Camel(failure.Code));
            writer.WriteString("detail", failure.Detail);
            writer.WriteString("instance", http.Request.Path.ToUriComponent());
            writer.WriteString("traceId", Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier);
            writer.WriteBoolean("retryable", status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable);
            if (failure.Findings.Count > 0)
            {
                writer.WriteStartArray("errors");
                foreach (var finding in failure.Findings)
                {
                    writer.WriteStartObject();
                    writer.WriteString("pointer", finding.Field.StartsWith('/') || finding.Field.Length == 0 ? finding.Field : $"/{finding.Field}");
                    writer.WriteString("code", finding.Reason);
                    writer.WriteString("detail", finding.Message);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        });
    }

    private static int StatusOf(Failure failure) => failure switch
    {
        { Code: "event-too-large" } => StatusCodes.Status413PayloadTooLarge,
        { Kind: FailureKind.Malformed } => StatusCodes.Status400BadRequest,
        { Kind: FailureKind.NotFound } => StatusCodes.Status404NotFound,
        { Kind: FailureKind.Conflict or FailureKind.AlreadyExists } => StatusCodes.Status409Conflict,
        { Kind: FailureKind.Exhausted } => StatusCodes.Status429TooManyRequests,
        { Kind: FailureKind.Unavailable } => StatusCodes.Status503ServiceUnavailable,
        { Kind: FailureKind.Forbidden } => StatusCodes.Status401Unauthorized,
        _ => StatusCodes.Status422UnprocessableEntity,
    };

    private static string Camel(string code)
    {
        var words = code.Split('-');
        return words[0] + string.Concat(words.Skip(1).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }
}
