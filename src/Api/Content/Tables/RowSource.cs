using System.Text.Json;
using Slipway.Model.Resources;

namespace Slipway.Api.Content.Tables;

/// <summary>What cells are made of: one resource, read leniently, because a half-written object must not break a list.</summary>
internal sealed class RowSource : IDisposable
{
    private readonly JsonDocument _body;

    public RowSource(Resource resource, DateTimeOffset now)
    {
        Resource = resource;
        Now = now;
        _body = JsonDocument.Parse(resource.Body);
    }

    public Resource Resource { get; }

    public DateTimeOffset Now { get; }

    /// <summary>The element at a path, or an undefined element.</summary>
    public JsonElement At(params ReadOnlySpan<string> path) => At(_body.RootElement, path);

    public static JsonElement At(JsonElement from, params ReadOnlySpan<string> path)
    {
        var here = from;
        foreach (var name in path)
        {
            if (here.ValueKind != JsonValueKind.Object || !here.TryGetProperty(name, out here))
            {
                return default;
            }
        }

        return here;
    }

    public string? Text(params ReadOnlySpan<string> path) => At(path) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public long? Number(params ReadOnlySpan<string> path) =>
        At(path) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? value : null;

    public bool? Flag(params ReadOnlySpan<string> path) => At(path).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    public DateTimeOffset? Time(params ReadOnlySpan<string> path) =>
        At(path) is { ValueKind: JsonValueKind.String } text && text.TryGetDateTimeOffset(out var instant) ? instant : null;

    public IEnumerable<JsonElement> Items(params ReadOnlySpan<string> path) =>
        At(path) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    public int Count(string map) => At(map) is { ValueKind: JsonValueKind.Object } entries ? entries.EnumerateObject().Count() : 0;

    public string? Condition(string type, string field)
    {
        foreach (var condition in Items("status", "conditions"))
        {
            if (At(condition, "type") is { ValueKind: JsonValueKind.String } found && found.ValueEquals(type))
            {
                return At(condition, field) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
            }
        }

        return null;
    }

    public string Age(DateTimeOffset? since) => since is { } then ? HumanDuration.Text(Now - then) : "<unknown>";

    public void Dispose() => _body.Dispose();
}
