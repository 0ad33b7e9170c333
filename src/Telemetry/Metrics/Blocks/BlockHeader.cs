using System.Runtime.InteropServices;

namespace Slipway.Telemetry.Metrics.Blocks;

/// <summary>
/// The first bytes of a block's index, little-endian. Behind it stand, each on a multiple of eight bytes and without anything between
/// them: where each text starts (one more than there are texts); the texts in UTF-8, in the order of their bytes; fingerprints; first
/// and last times; numbers of samples; where the samples of each series start in their file, the same for each fold (one more than
/// there are series); where the labels of each series start (one more); the labels as pairs of texts; the distinct labels in order,
/// with where the series that have them start (one more); those series; the blocks this one replaces; a checksum over all of it.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct BlockHeader
{
    public const ulong Mark = 0x31_30_6b_6c_62_77_6c_73;

    public ulong Magic;
    public int Texts;
    public int TextBytes;
    public int Series;
    public int Labels;
    public int Pairs;
    public int Postings;
    public int Replaced;
    public int Folds;
    public long Samples;
    public long First;
    public long Last;

    /// <summary>The journal's generations up to this one are in this block or in older ones.</summary>
    public long Generation;
}

/// <summary>A distinct label and where the list of the series that have it starts.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct LabelPair(int Name, int Value, int Start);

[StructLayout(LayoutKind.Sequential)]
internal readonly record struct LabelPlace(int Name, int Value);
