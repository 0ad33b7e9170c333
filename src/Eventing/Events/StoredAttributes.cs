using System.Buffers;
using System.Text.Json;

namespace Slipway.Eventing.Events;

/// <summary>Attributes as the log keeps them: one JSON object of texts.</summary>
internal static class StoredAttributes
{
    public static byte[] Write(CloudEvent told)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in told.Attributes)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static CloudEvent Read(ReadOnlySpan<byte> attributes, byte[]? data)
    {
        var all = new List<KeyValuePair<string, string>>(16);
        var reader = new Utf8JsonReader(attributes);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            all.Add(new(name, reader.GetString()!));
        }

        return new CloudEvent(all, data is null ? default(ReadOnlyMemory<byte>?) : new ReadOnlyMemory<byte>(data));
    }
}
