using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Slipway.Model.Resources;

/// <summary>Where an object lives: its kind, its namespace (empty for cluster-wide kinds) and its name.</summary>
public readonly record struct ResourceKey(ResourceKind Kind, string Namespace, string Name)
{
    public override string ToString() =>
        Namespace.Length == 0 ? $"{Kind.Qualified} \"{Name}\"" : $"{Kind.Qualified} \"{Namespace}/{Name}\"";
}

/// <summary>
/// One version of one object. Immutable: a change makes a new instance. The body is everything beside
/// <c>apiVersion</c>, <c>kind</c> and <c>metadata</c> (spec, status, data, …), kept as the UTF-8 text of one JSON object
/// so that thousands of versions cost what their text costs.
/// </summary>
public sealed class Resource
{
    private static readonly JsonDocumentOptions s_strict = new() { MaxDepth = 64 };

    public Resource(ResourceKind kind, ObjectMeta metadata, ReadOnlyMemory<byte> body)
    {
        Kind = kind;
        Metadata = metadata;
        Body = body;
    }

    public ResourceKind Kind { get; }

    public ObjectMeta Metadata { get; }

    /// <summary>UTF-8 JSON object with every top-level field but apiVersion, kind and metadata.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    public string Name => Metadata.Name ?? "";

    public string Namespace => Metadata.Namespace ?? "";

    public string Uid => Metadata.Uid ?? "";

    public long Version => Metadata.Version;

    public ResourceKey Key => new(Kind, Namespace, Name);

    public bool IsDeleting => Metadata.DeletionTimestamp is not null;

    /// <summary>A draft from a typed part, for example <c>Resource.Of(kind, metadata, "spec", spec, typeInfo)</c>.</summary>
    public static Resource Of<T>(ResourceKind kind, ObjectMeta metadata, string field, T value, JsonTypeInfo<T> type) =>
        new Resource(kind, metadata, "{}"u8.ToArray()).With(field, value, type);

    /// <summary>Reads a whole manifest. The caller has checked apiVersion and kind.</summary>
    public static Resource FromJson(ResourceKind kind, JsonObject manifest)
    {
        var metadata = manifest["metadata"] is JsonObject given
            ? given.Deserialize(ModelJson.Default.ObjectMeta) ?? new ObjectMeta()
            : new ObjectMeta();
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in manifest)
            {
                if (name is "apiVersion" or "kind" or "metadata")
                {
                    continue;
                }

                writer.WritePropertyName(name);
                if (value is null)
                {
                    writer.WriteNullValue();
                }
                else
                {
                    value.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        return new Resource(kind, metadata, buffer.ToArray());
    }

    /// <summary>The whole object as clients see it, as a tree that the caller may change.</summary>
    public JsonObject ToJson()
    {
        var whole = new JsonObject
        {
            ["apiVersion"] = Kind.ApiVersion,
            ["kind"] = Kind.Kind,
            ["metadata"] = JsonSerializer.SerializeToNode(Metadata, ModelJson.Default.ObjectMeta),
        };
        var body = JsonNode.Parse(Body.Span, documentOptions: s_strict)!.AsObject();
        foreach (var (name, value) in body.ToList())
        {
            body.Remove(name);
            whole[name] = value;
        }

        return whole;
    }

    /// <summary>Writes the whole object without building a tree; this is the path of lists and watches.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("apiVersion"u8, Kind.ApiVersion);
        writer.WriteString("kind"u8, Kind.Kind);
        writer.WritePropertyName("metadata"u8);
        JsonSerializer.Serialize(writer, Metadata, ModelJson.Default.ObjectMeta);
        var reader = new Utf8JsonReader(Body.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            writer.WritePropertyName(reader.ValueSpan);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            writer.WriteRawValue(Body.Span[start..(int)reader.BytesConsumed], skipInputValidation: true);
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads one top-level field as a typed value, or null when it is absent.</summary>
    public T? Read<T>(string field, JsonTypeInfo<T> type)
        where T : class
    {
        var raw = RawField(field);
        return raw.IsEmpty ? null : JsonSerializer.Deserialize(raw.Span, type);
    }

    /// <summary>The raw JSON text of one top-level field, empty when absent.</summary>
    public ReadOnlyMemory<byte> RawField(string field)
    {
        var reader = new Utf8JsonReader(Body.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(field);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (found)
            {
                return Body[start..(int)reader.BytesConsumed];
            }
        }

        return default;
    }

    public Resource With(ObjectMeta metadata) => new(Kind, metadata, Body);

    /// <summary>This object with one top-level field set.</summary>
    public Resource With<T>(string field, T value, JsonTypeInfo<T> type) =>
        WithRaw(field, JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <summary>This object with one top-level field set to raw JSON, or removed when <paramref name="json"/> is empty.</summary>
    public Resource WithRaw(string field, ReadOnlyMemory<byte> json)
    {
        using var buffer = new MemoryStream(Body.Length + json.Length + field.Length + 8);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            var reader = new Utf8JsonReader(Body.Span);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var replaced = reader.ValueTextEquals(field);
                if (!replaced)
                {
                    writer.WritePropertyName(reader.ValueSpan);
                }

                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (!replaced)
                {
                    writer.WriteRawValue(Body.Span[start..(int)reader.BytesConsumed], skipInputValidation: true);
                }
            }

            if (!json.IsEmpty)
            {
                writer.WritePropertyName(field);
                writer.WriteRawValue(json.Span, skipInputValidation: true);
            }

            writer.WriteEndObject();
        }

        return new Resource(Kind, Metadata, buffer.ToArray());
    }

    public override string ToString() => $"{Key} @{Version}";
}
