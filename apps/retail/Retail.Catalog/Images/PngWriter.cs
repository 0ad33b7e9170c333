using System.Buffers.Binary;
using System.IO.Compression;

namespace Retail.Catalog.Images;

/// <summary>Pixels as a PNG file: eight bits a channel, no filters.</summary>
internal static class PngWriter
{
    /// <param name="pixels">Red, green and blue of each pixel, line by line.</param>
    public static byte[] Write(int width, int height, ReadOnlySpan<byte> pixels)
    {
        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8; // bits a channel
        header[9] = 2; // red, green, blue
        Chunk(file, "IHDR"u8, header);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (var line = 0; line < height; line++)
            {
                zlib.WriteByte(0);
                zlib.Write(pixels.Slice(line * width * 3, width * 3));
            }
        }

        Chunk(file, "IDAT"u8, packed.GetBuffer().AsSpan(0, (int)packed.Length));
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(name);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Checksum(Checksum(uint.MaxValue, name), data));
        file.Write(number);
    }

    /// <summary>The polynomial that the format prescribes, bit by bit: pictures are small and drawn once.</summary>
    private static uint Checksum(uint from, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            from ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                from = (from >> 1) ^ ((from & 1) * 0xEDB8_8320);
            }
        }

        return from;
    }
}
