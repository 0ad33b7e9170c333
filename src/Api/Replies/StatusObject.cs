using System.Text.Json;
using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Api.Replies;

/// <summary>
/// The <c>Status</c> object: every refusal, and the answer to a finished deletion. This is the one place that knows
/// which HTTP status and which reason a failure has.
/// </summary>
internal sealed record StatusObject(int Code, string Reason, string Message)
{
    public bool Success { get; init; }

    public ResourceKind? About { get; init; }

    public string Name { get; init; } = "";

    public string Uid { get; init; } = "";

    public IReadOnlyList<Finding> Causes { get; init; } = [];

    public int? RetryAfterSeconds { get; init; }

    public static StatusObject Of(Failure failure, ResourceKind? about = null, string name = "")
    {
        var (code, reason) = Classify(failure);
        return new StatusObject(code, reason, failure.Detail)
        {
            About = failure.Code == Failures.NamespaceNotFoundCode ? Kinds.Namespace : about,
            Name = name,
            Causes = failure.Findings,
            RetryAfterSeconds = code is 429 or 503 or 504 ? 1 : null,
        };
    }

    public static StatusObject Deleted(Resource resource) => new(200, "", "")
    {
        Success = true,
        About = resource.Kind,
        Name = resource.Name,
        Uid = resource.Uid,
    };

    private static (int Code, string Reason) Classify(Failure failure) => failure.Code switch
    {
        Failures.MethodNotAllowedCode => (405, "MethodNotAllowed"),
        Failures.UnsupportedMediaTypeCode => (415, "UnsupportedMediaType"),
        Failures.NotAcceptableCode => (406, "NotAcceptable"),
        Failures.TooLargeCode => (413, "RequestEntityTooLarge"),
        Failures.UnauthorizedCode => (401, "Unauthorized"),
        _ => failure.Kind switch
        {
            FailureKind.Malformed => (400, "BadRequest"),
            FailureKind.Invalid => (422, "Invalid"),
            FailureKind.NotFound => (404, "NotFound"),
            FailureKind.AlreadyExists => (409, "AlreadyExists"),
            FailureKind.Conflict => (409, "Conflict"),
            FailureKind.Expired => (410, "Expired"),
            FailureKind.Forbidden => (403, "Forbidden"),
            FailureKind.Exhausted => (429, "TooManyRequests"),
            FailureKind.Unavailable => (503, "ServiceUnavailable"),
            _ => (500, "InternalError"),
        },
    };

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("kind"u8, "Status"u8);
        writer.WriteString("apiVersion"u8, "v1"u8);
        writer.WriteStartObject("metadata"u8);
        writer.WriteEndObject();
        writer.WriteString("status"u8, Success ? "Success"u8 : "Failure"u8);
        if (!Success)
        {
            writer.WriteString("message"u8, Message);
            writer.WriteString("reason"u8, Reason);
        }

        if (About is not null || Causes.Count > 0 || RetryAfterSeconds is not null)
        {
            WriteDetails(writer);
        }

        if (!Success)
        {
            writer.WriteNumber("code"u8, Code);
        }

        writer.WriteEndObject();
    }

    private void WriteDetails(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("details"u8);
        WriteUnlessEmpty(writer, "name", Name);
        WriteUnlessEmpty(writer, "group", About?.Group ?? "");
        WriteUnlessEmpty(writer, "kind", About?.Plural ?? "");
        WriteUnlessEmpty(writer, "uid", Uid);
        if (Causes.Count > 0)
        {
            writer.WriteStartArray("causes"u8);
            foreach (var cause in Causes)
            {
                writer.WriteStartObject();
                WriteUnlessEmpty(writer, "reason", cause.Reason);
                writer.WriteString("message"u8, cause.Message);
                WriteUnlessEmpty(writer, "field", cause.Field);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        if (RetryAfterSeconds is { } seconds)
        {
            writer.WriteNumber("retryAfterSeconds"u8, seconds);
        }

        writer.WriteEndObject();
    }

    private static void WriteUnlessEmpty(Utf8JsonWriter writer, string field, string value)
    {
        if (value.Length > 0)
        {
            writer.WriteString(field, value);
        }
    }
}
