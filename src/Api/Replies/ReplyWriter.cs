using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Api.Content;
using Slipway.Api.Content.Tables;
using Slipway.Api.Requests;
using Slipway.Model.Resources;

namespace Slipway.Api.Replies;

/// <summary>Puts replies on the wire. All resource answers are JSON, whatever the request came in.</summary>
internal sealed class ReplyWriter(TimeProvider time)
{
    private const string Json = "application/json";

    /// <summary>Quotes inside texts stay readable; nobody embeds these answers in HTML.</summary>
    public static JsonWriterOptions Plain { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task WriteAsync(HttpContext http, Reply reply, Rendering rendering, CloudRunDialect? dialect)
    {
        foreach (var warning in reply.Warnings)
        {
            http.Response.Headers.Append("Warning", $"299 - \"{Quoted(warning)}\"");
        }

        http.Response.Headers.CacheControl = "no-cache, private";
        switch (reply)
        {
            case Reply.One one:
                await SendAsync(http, one.Code, Json, writer => WriteOne(writer, Shown(one.Resource, dialect), rendering)).ConfigureAwait(false);
                break;
            case Reply.Many many:
                await SendAsync(http, 200, Json, writer => WriteMany(writer, many.Kind, many.Page, rendering, dialect)).ConfigureAwait(false);
                break;
            case Reply.Document document:
                await SendAsync(http, document.Code, document.ContentType, writer => document.Json.WriteTo(writer)).ConfigureAwait(false);
                break;
            case Reply.Text text:
                http.Response.StatusCode = text.Code;
                http.Response.ContentType = "text/plain; charset=utf-8";
                http.Response.Headers.XContentTypeOptions = "nosniff";
                await http.Response.WriteAsync(text.Content, http.RequestAborted).ConfigureAwait(false);
                break;
            case Reply.Bytes bytes:
                http.Response.ContentType = bytes.ContentType;
                http.Response.ContentLength = bytes.Content.Length;
                await http.Response.Body.WriteAsync(bytes.Content, http.RequestAborted).ConfigureAwait(false);
                break;
            case Reply.Finished finished:
                await SendStatusAsync(http, finished.Status).ConfigureAwait(false);
                break;
            case Reply.Refused refused:
                await SendStatusAsync(http, StatusObject.Of(refused.Failure, refused.About, refused.Name)).ConfigureAwait(false);
                break;
            case Reply.Streamed streamed:
                await streamed.WriteAsync(http).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>One resource in the caller's form, also as the object of a watch event.</summary>
    public void WriteOne(Utf8JsonWriter writer, Resource resource, Rendering rendering, bool withColumns = true)
    {
        switch (rendering.Form)
        {
            case Form.Table:
                TableWriter.Write(writer, resource.Kind, new ListPage(resource.Version, [resource]), rendering.Include, time.GetUtcNow(), withColumns);
                break;
            case Form.PartialMetadata:
                WritePartial(writer, resource);
                break;
            default:
                resource.WriteTo(writer);
                break;
        }
    }

    public static Resource Shown(Resource resource, CloudRunDialect? dialect) => dialect?.Show(resource) ?? resource;

    private void WriteMany(Utf8JsonWriter writer, ResourceKind kind, ListPage page, Rendering rendering, CloudRunDialect? dialect)
    {
        if (rendering.Form == Form.Table)
        {
            TableWriter.Write(writer, kind, page, rendering.Include, time.GetUtcNow(), withColumns: true);
            return;
        }

        var partial = rendering.Form == Form.PartialMetadata;
        writer.WriteStartObject();
        writer.WriteString("kind"u8, partial ? "PartialObjectMetadataList" : kind.Kind + "List");
        writer.WriteString("apiVersion"u8, partial ? "meta.k8s.io/v1" : kind.ApiVersion);
        page.WriteMetadata(writer);
        writer.WriteStartArray("items"u8);
        foreach (var resource in page.Items)
        {
            if (partial)
            {
                WritePartial(writer, resource);
            }
            else
            {
                Shown(resource, dialect).WriteTo(writer);
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void WritePartial(Utf8JsonWriter writer, Resource resource)
    {
        writer.WriteStartObject();
        writer.WriteString("kind"u8, "PartialObjectMetadata"u8);
        writer.WriteString("apiVersion"u8, "meta.k8s.io/v1"u8);
        writer.WritePropertyName("metadata"u8);
        JsonSerializer.Serialize(writer, resource.Metadata, Model.ModelJson.Default.ObjectMeta);
        writer.WriteEndObject();
    }

    private static Task SendStatusAsync(HttpContext http, StatusObject status)
    {
        if (status.RetryAfterSeconds is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (status.Code == 401)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
        }

        return SendAsync(http, status.Code, Json, status.WriteTo);
    }

    private static async Task SendAsync(HttpContext http, int code, string contentType, Action<Utf8JsonWriter> write)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = contentType;
        using var writer = new Utf8JsonWriter(http.Response.BodyWriter, Plain);
        write(writer);
        await writer.FlushAsync(http.RequestAborted).ConfigureAwait(false);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted).ConfigureAwait(false);
    }

    private static string Quoted(string text) =>
        new([.. text.Select(character => character is < ' ' or > '~' ? ' ' : character).SelectMany(character => character is '"' or '\\' ? new[] { '\\', character } : [character])]);
}
