namespace Slipway.Telemetry.Metrics.Chunks;

/// <summary>Samples of one series in a row, compressed; see <see cref="ChunkWriter"/> for the form.</summary>
/// <param name="Data">Without the bytes a decoder wants behind it.</param>
internal readonly record struct Chunk(byte[] Data, int Count, long First, long Last)
{
    /// <summary>As many samples as are compressed together.</summary>
    public const int SamplesMax = 120;

    /// <summary>What a list of chunks takes in memory beside the data itself.</summary>
    public const int Overhead = 64;
}
