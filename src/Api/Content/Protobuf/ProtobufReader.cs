using System.Text;

namespace Slipway.Api.Content.Protobuf;

/// <summary>Reads the wire format of protobuf field by field. Everything that does not fit is a <see cref="FormatException"/>.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public int Field { get; private set; }

    /// <summary>The value of a varint or fixed field.</summary>
    public ulong Number { get; private set; }

    /// <summary>The content of a length-delimited field.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    public bool IsContent { get; private set; }

    public readonly string Text
    {
        get
        {
            try
            {
                return new UTF8Encoding(false, true).GetString(Content);
            }
            catch (DecoderFallbackException broken)
            {
                throw new FormatException("text is not UTF-8", broken);
            }
        }
    }

    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var tag = Varint();
        Field = (int)(tag >> 3);
        Content = default;
        Number = 0;
        IsContent = false;
        switch (tag & 7)
        {
            case 0:
                Number = Varint();
                break;
            case 1:
                Number = BitConverter.ToUInt64(Take(8));
                break;
            case 2:
                var length = Varint();
                Content = length <= (ulong)_rest.Length ? Take((int)length) : throw new FormatException("a field is longer than its message");
                IsContent = true;
                break;
            case 5:
                Number = BitConverter.ToUInt32(Take(4));
                break;
            default:
                throw new FormatException($"wire type {tag & 7} is not in use");
        }

        return Field > 0 ? true : throw new FormatException("field 0 does not exist");
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new FormatException("a number has more than ten bytes");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw new FormatException("the message ends too early");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
