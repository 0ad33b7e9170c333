using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Slipway.Telemetry.Otlp.Wire;

/// <summary>A hash that is the same in every process and on every machine, since it is written to disk. Not for secrets.</summary>
internal static class StableHash
{
    private const ulong Odd = 0x9e3779b97f4a7c15;

    public static ulong Of(ReadOnlySpan<char> text) => Of(MemoryMarshal.AsBytes(text));

    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        var hash = seed ^ ((ulong)bytes.Length * Odd);
        while (bytes.Length >= 8)
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        var last = 0UL;
        for (var index = 0; index < bytes.Length; index++)
        {
            last |= (ulong)bytes[index] << (8 * index);
        }

        return Mix(hash ^ last ^ 0xff51afd7ed558ccd);
    }

    /// <summary>Spreads a number over all bits.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 32)) * 0xd6e8feb86659fd93;
        value = (value ^ (value >> 29)) * Odd;
        return value ^ (value >> 32);
    }
}
