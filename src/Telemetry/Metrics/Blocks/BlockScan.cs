using System.Buffers;
using Slipway.Telemetry.Metrics.Chunks;
using Slipway.Telemetry.Metrics.Journal;
using Slipway.Telemetry.Metrics.Reading;

namespace Slipway.Telemetry.Metrics.Blocks;

/// <summary>Which samples are wanted.</summary>
internal sealed record Wanted(long From, long To, ReadHint Hint)
{
    public SampleFold Fold => Hint.Fold;
}

/// <summary>
/// Reads many series of a block. Those that lie near each other are fetched together: a question for one metric reads its file
/// in a few large pieces.
/// </summary>
internal static class BlockScan
{
    private const int GapMax = 16 * 1024;
    private const int RunMax = 1 << 20;

    /// <param name="series">In order; where the samples of each go.</param>
    /// <returns>How many series turned out to be damaged; what could be read of them is there.</returns>
    public static int Read(Block block, BlockIndex index, ReadOnlySpan<(int Series, SampleBuffer Samples)> series, Wanted wanted, ReadBudget budget)
    {
        var starts = index.Starts(wanted.Fold);
        var damaged = 0;
        for (var i = 0; i < series.Length;)
        {
            var start = starts[series[i].Series];
            var end = starts[series[i].Series + 1];
            var next = i + 1;
            while (next < series.Length && starts[series[next].Series] - end <= GapMax && starts[series[next].Series + 1] - start <= RunMax)
            {
                end = starts[series[next].Series + 1];
                next++;
            }

            var length = (int)(end - start);
            var bytes = ArrayPool<byte>.Shared.Rent(length + ChunkReader.Padding);
            try
            {
                var read = block.Read(wanted.Fold, bytes.AsSpan(0, length), start);
                for (; i < next; i++)
                {
                    var (from, to) = ((int)(starts[series[i].Series] - start), (int)(starts[series[i].Series + 1] - start));
                    if (to > read || !Decode(bytes.AsSpan(from, to - from + ChunkReader.Padding), to - from, series[i].Samples, wanted, budget))
                    {
                        damaged++;
                    }
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(bytes);
            }
        }

        return damaged;
    }

    private static bool Decode(ReadOnlySpan<byte> pieces, int end, SampleBuffer samples, Wanted wanted, ReadBudget budget)
    {
        var after = 0L;
        for (var at = 0; at < end;)
        {
            if (!BlockPiece.TryRead(pieces, end, ref at, after, out var piece))
            {
                return false;
            }

            after = piece.Last;
            if (piece.Last < wanted.From || piece.First > wanted.To || !HintWindows.Touch(wanted.Hint, Math.Max(piece.First, wanted.From), Math.Min(piece.Last, wanted.To)))
            {
                continue;
            }

            var data = pieces[piece.Offset..];
            if (RecordBuffer.Checksum(data[..piece.Length]) != piece.Checksum || !ChunkReader.TryDecode(data, piece.Length, piece.First, samples.Reserve(piece.Count)))
            {
                return false;
            }

            budget.Spend(samples.Keep(piece.Count, wanted.From, wanted.To, wanted.Hint));
        }

        return true;
    }
}
