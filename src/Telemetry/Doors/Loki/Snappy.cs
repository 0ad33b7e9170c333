using System.Buffers.Binary;

namespace Slipway.Telemetry.Doors.Loki;

/// <summary>Unpacks the block form of Snappy, in which other programs push lines.</summary>
internal static class Snappy
{
    /// <summary>Null if it is no such block, or would be larger than allowed when unpacked.</summary>
    public static byte[]? Unpack(ReadOnlySpan<byte> packed, int bytesMax)
    {
        var position = 0;
        if (!Length(packed, ref position, out var length) || length > (uint)bytesMax)
        {
            return null;
        }

        // Three bytes come to 64 at best; a small block that says it is a huge one is refused before it costs memory.
        if (length > (packed.Length * 22L) + 64)
        {
            return null;
        }

        var output = new byte[length];
        var written = 0;
        while (position < packed.Length)
        {
            var tag = packed[position++];
            var ok = (tag & 3) == 0
                ? Literal(packed, ref position, tag, output, ref written)
                : Copy(packed, ref position, tag, output, ref written);
            if (!ok)
            {
                return null;
            }
        }

        return written == output.Length ? output : null;
    }

    private static bool Length(ReadOnlySpan<byte> packed, ref int position, out uint length)
    {
        length = 0;
        for (var shift = 0; shift < 35 && position < packed.Length; shift += 7)
        {
            var next = packed[position++];
            length |= (uint)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Literal(ReadOnlySpan<byte> packed, ref int position, byte tag, Span<byte> output, ref int written)
    {
        var length = (tag >> 2) + 1L;
        if (length > 60)
        {
            var bytes = (int)length - 60;
            if (packed.Length - position < bytes)
            {
                return false;
            }

            Span<byte> number = stackalloc byte[4];
            number.Clear();
            packed.Slice(position, bytes).CopyTo(number);
            length = BinaryPrimitives.ReadUInt32LittleEndian(number) + 1L;
            position += bytes;
        }

        if (length > packed.Length - position || length > output.Length - written)
        {
            return false;
        }

        packed.Slice(position, (int)length).CopyTo(output[written..]);
        position += (int)length;
        written += (int)length;
        return true;
    }

    private static bool Copy(ReadOnlySpan<byte> packed, ref int position, byte tag, Span<byte> output, ref int written)
    {
        var bytes = (tag & 3) switch { 1 => 1, 2 => 2, _ => 4 };
        if (packed.Length - position < bytes)
        {
            return false;
        }

        var length = bytes == 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
        var offset = bytes switch
        {
            1 => (uint)(((tag >> 5) << 8) | packed[position]),
            2 => BinaryPrimitives.ReadUInt16LittleEndian(packed[position..]),
            _ => BinaryPrimitives.ReadUInt32LittleEndian(packed[position..]),
        };
        position += bytes;
        if (offset == 0 || offset > written || length > output.Length - written)
        {
            return false;
        }

        // A copy may reach into itself: then it repeats what it has just written.
        for (var index = 0; index < length; index++)
        {
            output[written] = output[written - (int)offset];
            written++;
        }

        return true;
    }
}
