using System.Runtime.InteropServices;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.Exposition;

/// <summary>What is known of a series by the bytes it is written with.</summary>
internal sealed class KnownSeries(LabelSet labels)
{
    public LabelSet Labels { get; } = labels;

    /// <summary>The last page it was on.</summary>
    public long Page { get; set; }

    /// <summary>Its sample had a time of its own: whoever writes times says himself when something ends.</summary>
    public bool Timed { get; set; }

    public byte[] ExemplarText { get; set; } = [];

    public Exemplar? Exemplar { get; set; }
}

/// <summary>Finds things by bytes without making an object of them.</summary>
internal sealed class ByteComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static ByteComparer Instance { get; } = new();

    public bool Equals(byte[]? one, byte[]? other) => one.AsSpan().SequenceEqual(other);

    public int GetHashCode(byte[] bytes) => GetHashCode(bytes.AsSpan());

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    // The hash of strings is seeded anew in every process, so that no page can be made to collide.
    public int GetHashCode(ReadOnlySpan<byte> alternate) =>
        string.GetHashCode(MemoryMarshal.Cast<byte, char>(alternate)) ^ (alternate.Length % 2 == 1 ? alternate[^1] * 0x5bd1e995 : 0);

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
