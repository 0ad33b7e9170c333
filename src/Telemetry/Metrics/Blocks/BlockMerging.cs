using System.Runtime.InteropServices;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics.Reading;

namespace Slipway.Telemetry.Metrics.Blocks;

/// <summary>Decides which blocks become one, and makes it. One series after the other passes through memory.</summary>
internal static class BlockMerging
{
    /// <summary>So many blocks of a time that has not passed are merged nevertheless: each costs every question a look.</summary>
    public const int UnmergedMax = 24;

    public static List<Block> Decide(IReadOnlyList<Block> blocks, long mergedMilliseconds) =>
        [.. Choose([.. blocks.Select(block => block.Header.Last)], mergedMilliseconds).Select(place => blocks[place])];

    /// <summary>The places of the blocks of one day that has passed, oldest day first.</summary>
    /// <param name="lasts">The newest sample of each block.</param>
    public static List<int> Choose(IReadOnlyList<long> lasts, long mergedMilliseconds)
    {
        if (lasts.Count < 2)
        {
            return [];
        }

        var newest = lasts.Max() / mergedMilliseconds;
        return Enumerable.Range(0, lasts.Count)
            .GroupBy(place => lasts[place] / mergedMilliseconds)
            .Where(day => day.Count() >= (day.Key < newest ? 2 : UnmergedMax))
            .OrderBy(day => day.Key)
            .Select(day => day.ToList())
            .FirstOrDefault([]);
    }

    /// <exception cref="IOException">The disk refused; nothing has changed.</exception>
    public static void Merge(IReadOnlyList<Block> blocks, BlockWriter writer, Action<Block> damaged, CancellationToken cancellation)
    {
        var sources = blocks.Select(block => new Source(block)).ToList();
        var samples = new SampleBuffer();
        var folds = new SampleBuffer();
        var everything = new Wanted(long.MinValue, long.MaxValue, new ReadHint());
        var rises = everything with { Hint = new ReadHint { Fold = SampleFold.Rise } };
        var budget = new ReadBudget(long.MaxValue, cancellation);
        while (sources.Where(source => source.Labels is not null).MinBy(source => source.Labels, LabelOrder.Instance) is { } least)
        {
            var (labels, fingerprint) = (least.Labels!, least.Fingerprint);
            samples.Clear();
            folds.Clear();
            foreach (var source in sources.Where(source => source.Labels is not null && source.Fingerprint == fingerprint))
            {
                if (BlockScan.Read(source.Block, source.Index, [(source.Series, samples)], everything, budget) > 0)
                {
                    damaged(source.Block);
                }

                if (folds.Count == 0)
                {
                    BlockScan.Read(source.Block, source.Index, [(source.Series, folds)], rises, budget);
                }

                source.Next();
            }

            // What the first sample rose above one before it only the fold knows: it is what its interval rose beyond the samples seen.
            var all = samples.Finish();
            var carried = 0.0;
            if (folds.Count > 0 && all.Length > 0)
            {
                var first = MemoryMarshal.ToEnumerable(all).TakeWhile(sample => ReadHint.EndOf(sample.At) <= folds.Finish().Span[0].At).ToArray();
                var seen = Folding.Fold(SampleFold.Rise, first);
                carried = seen > 0 && first[seen - 1].At == folds.Finish().Span[0].At ? folds.Finish().Span[0].Value - first[seen - 1].Value : 0;
                carried = carried > 0 && double.IsFinite(carried) ? carried : 0;
            }

            writer.Add(labels, fingerprint, all.Span, carried);
        }
    }

    private sealed class Source
    {
        public Source(Block block)
        {
            (Block, Index, Series) = (block, block.ReadIndex(), -1);
            Next();
        }

        public Block Block { get; }

        public BlockIndex Index { get; }

        public int Series { get; private set; }

        public LabelSet? Labels { get; private set; }

        public UInt128 Fingerprint { get; private set; }

        public void Next()
        {
            Series++;
            Labels = Series < Index.Series ? Index.LabelsOf(Series) : null;
            Fingerprint = Labels is null ? default : Index.Fingerprints[Series];
        }
    }
}
