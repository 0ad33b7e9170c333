using System.Buffers.Binary;
using System.Text;

namespace Slipway.Sdk.Tests.Telemetry;

/// <summary>The fields of a message of protocol buffers, read without knowing what they mean.</summary>
internal sealed class ProtobufMessage
{
    private readonly List<(int Field, long Number, byte[]? Bytes)> _fields = [];

    public static ProtobufMessage Read(byte[] bytes)
    {
        var message = new ProtobufMessage();
        var at = 0;
        while (at < bytes.Length)
        {
            var tag = Varint(bytes, ref at);
            switch (tag & 7)
            {
                case 0:
                    message._fields.Add(((int)(tag >> 3), Varint(bytes, ref at), null));
                    break;
                case 1:
                    message._fields.Add(((int)(tag >> 3), BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at)), null));
                    at += 8;
                    break;
                case 5:
                    message._fields.Add(((int)(tag >> 3), BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at)), null));
                    at += 4;
                    break;
                case 2:
                    var length = (int)Varint(bytes, ref at);
                    message._fields.Add(((int)(tag >> 3), 0, bytes[at..(at + length)]));
                    at += length;
                    break;
                default:
                    throw new InvalidDataException($"There is no kind {tag & 7}.");
            }
        }

        return message;
    }

    public long Number(int field) => _fields.LastOrDefault(one => one.Field == field).Number;

    public byte[] Bytes(int field) => _fields.LastOrDefault(one => one.Field == field).Bytes ?? [];

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    public IEnumerable<ProtobufMessage> Messages(int field) => _fields.Where(one => one.Field == field).Select(one => Read(one.Bytes!));

    /// <summary>Values of every kind as text.</summary>
    public IReadOnlyDictionary<string, string> Attributes(int field) => Messages(field).ToDictionary(pair => pair.Text(1), pair => Value(pair.Messages(2).Single()));

    private static string Value(ProtobufMessage value) => value._fields.Count == 0 ? "" : value._fields[0] switch
    {
        { Field: 1, Bytes: { } text } => Encoding.UTF8.GetString(text),
        { Field: 2, Number: var flag } => flag == 1 ? "true" : "false",
        { Field: 4, Number: var bits } => BitConverter.Int64BitsToDouble(bits).ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        { Field: 5, Bytes: { } list } => $"[{string.Join(',', Read(list).Messages(1).Select(Value))}]",
        { Number: var number } => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static long Varint(byte[] bytes, ref int at)
    {
        var value = 0L;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[at++];
            value |= (long)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
