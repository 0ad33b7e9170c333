using System.Buffers.Binary;

namespace Slipway.Telemetry.Otlp.Wire;

internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}

/// <summary>
/// Reads one protobuf message, field by field, without copying. It never throws and never allocates: what cannot be read ends
/// the message and is remembered in <see cref="Failed"/>. A field of an unexpected wire type reads as zero or as empty.
/// </summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private const ulong FieldMax = 536_870_911;

    private ReadOnlySpan<byte> _rest = message;

    public int Field { get; private set; }

    public WireType Wire { get; private set; }

    /// <summary>The value of a field of a fixed or variable width.</summary>
    public ulong Number { get; private set; }

    /// <summary>The value of a text, of bytes, of a message or of a packed list.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    public bool Failed { get; private set; }

    public readonly long Signed => (long)Number;

    public readonly double Double => BitConverter.UInt64BitsToDouble(Number);

    public bool Next()
    {
        if (_rest.IsEmpty || Failed)
        {
            return false;
        }

        var tag = Varint();
        if (Failed || tag >> 3 is 0 or > FieldMax)
        {
            return Fail();
        }

        (Field, Wire, Number) = ((int)(tag >> 3), (WireType)(tag & 7), 0);
        Bytes = default;
        switch (Wire)
        {
            case WireType.Varint:
                Number = Varint();
                return !Failed;
            case WireType.Fixed64:
                Number = Take(8) is { Length: 8 } eight ? BinaryPrimitives.ReadUInt64LittleEndian(eight) : 0;
                return !Failed;
            case WireType.Fixed32:
                Number = Take(4) is { Length: 4 } four ? BinaryPrimitives.ReadUInt32LittleEndian(four) : 0;
                return !Failed;
            case WireType.Bytes:
                var length = Varint();
                Bytes = Failed ? default : Take(length);
                return !Failed;
            default:
                // Groups have been out of use since before this protocol was made.
                return Fail();
        }
    }

    /// <summary>The numbers of a packed list of variable width; none if the list is broken or longer than allowed.</summary>
    public static ulong[]? Varints(ReadOnlySpan<byte> list, int most)
    {
        var reader = new ProtoReader(list);
        var numbers = new List<ulong>();
        while (!reader._rest.IsEmpty)
        {
            numbers.Add(reader.Varint());
            if (reader.Failed || numbers.Count > most)
            {
                return null;
            }
        }

        return [.. numbers];
    }

    private bool Fail()
    {
        (Failed, Number) = (true, 0);
        _rest = default;
        Bytes = default;
        return false;
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            Fail();
            return default;
        }

        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    private ulong Varint()
    {
        var value = 0UL;
        for (var index = 0; index < 10; index++)
        {
            if (index >= _rest.Length)
            {
                break;
            }

            var part = _rest[index];
            value |= (ulong)(part & 0x7f) << (7 * index);
            if (part < 0x80)
            {
                _rest = _rest[(index + 1)..];
                return value;
            }
        }

        Fail();
        return 0;
    }
}
