using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Telemetry.Otlp.Wire;

namespace Slipway.Telemetry.Traces.Segments;

/// <summary>
/// Tells of a block which values of attributes it surely has not: a Bloom filter with twelve bits for each value and four
/// probes, so about one value in three hundred is thought to be there though it is not.
/// </summary>
internal static class TermFilter
{
    /// <summary>Longer values are not told, and questions for them look into the block.</summary>
    public const int ValueMax = 128;

    private const int BitsOfTerm = 12;
    private const int BytesMax = 128 * 1024;
    private const int Probes = 4;

    public static ulong Term(string name, string value) =>
        StableHash.Of(MemoryMarshal.AsBytes(value.AsSpan()), StableHash.Of(name.AsSpan()));

    public static byte[] Build(HashSet<ulong> terms)
    {
        var bytes = (int)Math.Min(BytesMax, BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(terms.Count * BitsOfTerm / 8, 64, BytesMax)));
        var filter = new byte[bytes];
        var mask = (ulong)(bytes * 8) - 1;
        foreach (var term in terms)
        {
            var (place, step) = (term, (term >> 32) | 1);
            for (var probe = 0; probe < Probes; probe++, place += step)
            {
                filter[(place & mask) >> 3] |= (byte)(1 << (int)(place & 7));
            }
        }

        return filter;
    }

    public static bool MayHave(ReadOnlySpan<byte> filter, ulong term)
    {
        var mask = (ulong)(filter.Length * 8) - 1;
        var (place, step) = (term, (term >> 32) | 1);
        for (var probe = 0; probe < Probes; probe++, place += step)
        {
            if ((filter[(int)((place & mask) >> 3)] & (1 << (int)(place & 7))) == 0)
            {
                return false;
            }
        }

        return true;
    }
}
