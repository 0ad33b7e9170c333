using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Api.Content;
using Slipway.Api.Replies;
using Slipway.Api.Requests;
using Slipway.Model.Resources;

namespace Slipway.Api.Watches;

/// <summary>Writes watch events, one JSON line each.</summary>
internal sealed class WatchEventStream : IAsyncDisposable
{
    private readonly ApiRequest _request;
    private readonly HttpResponse _response;
    private readonly ReplyWriter _replies;
    private readonly Utf8JsonWriter _writer;
    private bool _columnsShown;

    public WatchEventStream(ApiRequest request, ReplyWriter replies)
    {
        _request = request;
        _response = request.Http.Response;
        _replies = replies;
        _response.ContentType = "application/json";
        _writer = new Utf8JsonWriter(_response.BodyWriter, ReplyWriter.Plain);
    }

    public void Object(string type, Resource resource) => Event(type, () =>
    {
        _replies.WriteOne(_writer, ReplyWriter.Shown(resource, _request.Dialect), _request.Rendering, withColumns: !_columnsShown);
        _columnsShown = true;
    });

    /// <summary>Says how far the watch has come. In a table watch it is a table without rows, as every other event there.</summary>
    public void Bookmark(long version, bool initialEventsEnd = false) => Event("BOOKMARK", () =>
    {
        var table = _request.Rendering.Form == Form.Table;
        _writer.WriteStartObject();
        _writer.WriteString("kind"u8, table ? "Table" : _request.Rendering.Form == Form.PartialMetadata ? "PartialObjectMetadata" : _request.Kind.Kind);
        _writer.WriteString("apiVersion"u8, _request.Rendering.Form == Form.Whole ? _request.Kind.ApiVersion : "meta.k8s.io/v1");
        _writer.WriteStartObject("metadata"u8);
        _writer.WriteString("resourceVersion"u8, version.ToString(CultureInfo.InvariantCulture));
        if (initialEventsEnd)
        {
            _writer.WriteStartObject("annotations"u8);
            _writer.WriteString("k8s.io/initial-events-end"u8, "true"u8);
            _writer.WriteEndObject();
        }

        _writer.WriteEndObject();
        if (table)
        {
            _writer.WriteStartArray("columnDefinitions"u8);
            _writer.WriteEndArray();
            _writer.WriteStartArray("rows"u8);
            _writer.WriteEndArray();
        }

        _writer.WriteEndObject();
    });

    public void Error(StatusObject status) => Event("ERROR", () => status.WriteTo(_writer));

    public async Task FlushAsync(CancellationToken cancellation) =>
        await _response.BodyWriter.FlushAsync(cancellation).ConfigureAwait(false);

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private void Event(string type, Action writeObject)
    {
        _writer.WriteStartObject();
        _writer.WriteString("type"u8, type);
        _writer.WritePropertyName("object"u8);
        writeObject();
        _writer.WriteEndObject();
        _writer.Flush();
        _writer.Reset();
        var line = _response.BodyWriter.GetSpan(1);
        line[0] = (byte)'\n';
        _response.BodyWriter.Advance(1);
    }
}
