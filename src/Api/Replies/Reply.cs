using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Api.Replies;

/// <summary>What a handler answers. Handlers decide, <see cref="ReplyWriter"/> puts it on the wire.</summary>
internal abstract record Reply
{
    /// <summary>Warnings for people, one <c>Warning</c> header each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    public static implicit operator Reply(Failure failure) => new Refused(failure, null, "");

    /// <summary>One stored (or would-be) object.</summary>
    internal sealed record One(Resource Resource, int Code = 200) : Reply;

    internal sealed record Many(ResourceKind Kind, ListPage Page) : Reply;

    internal sealed record Document(JsonNode Json, int Code = 200, string ContentType = "application/json") : Reply;

    internal sealed record Text(string Content, int Code = 200) : Reply;

    internal sealed record Bytes(ReadOnlyMemory<byte> Content, string ContentType) : Reply;

    internal sealed record Finished(StatusObject Status) : Reply;

    internal sealed record Refused(Failure Failure, ResourceKind? About, string Name) : Reply;

    /// <summary>The handler writes by itself, for as long as it takes.</summary>
    internal sealed record Streamed(Func<HttpContext, Task> WriteAsync) : Reply;
}

/// <summary>One page of a list at one version.</summary>
internal sealed record ListPage(long Version, IReadOnlyList<Resource> Items, string Continue = "", long? Remaining = null)
{
    public void WriteMetadata(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("metadata"u8);
        writer.WriteString("resourceVersion"u8, Version.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (Continue.Length > 0)
        {
            writer.WriteString("continue"u8, Continue);
        }

        if (Remaining is { } remaining)
        {
            writer.WriteNumber("remainingItemCount"u8, remaining);
        }

        writer.WriteEndObject();
    }
}
