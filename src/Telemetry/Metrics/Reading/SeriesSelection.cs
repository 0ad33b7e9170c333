using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics.Blocks;
using Slipway.Telemetry.Metrics.Chunks;
using Slipway.Telemetry.Metrics.Head;

namespace Slipway.Telemetry.Metrics.Reading;

/// <summary>
/// Answers which series fit and what samples they have, from blocks and memory. A series is followed through the blocks by its
/// fingerprint, so that its labels are read once.
/// </summary>
internal sealed class SeriesSelection(MemoryHead head, BlockShelf shelf, Action<Block, int> damaged)
{
    /// <summary>Fewer series than this are not worth a second thread.</summary>
    private const int ParallelMin = 64;

    public IReadOnlyList<SeriesSamples> Select(IReadOnlyList<LabelMatcher> matchers, Wanted wanted, ReadBudget budget)
    {
        var (blocks, inMemory) = Look(matchers, wanted);
        try
        {
            var found = new Dictionary<UInt128, Found>(inMemory.Count);
            var reads = blocks.ConvertAll(block => Prepare(shelf.IndexOf(block), matchers, wanted, found));
            for (var i = 0; i < blocks.Count; i++)
            {
                Read(blocks[i], reads[i].Index, reads[i].Reads, wanted, budget);
            }

            foreach (var memory in inMemory)
            {
                if (!found.TryGetValue(memory.Series.Fingerprint, out var one))
                {
                    found[memory.Series.Fingerprint] = one = new Found(memory.Series.Labels);
                }

                memory.ReadInto(one.Samples, wanted, budget);
            }

            return [.. found.Values
                .Select(one => new SeriesSamples(one.Labels, one.Samples.Finish(wanted.Fold)))
                .Where(series => series.Samples.Length > 0)
                .OrderBy(series => series.Labels, LabelOrder.Instance)];
        }
        finally
        {
            blocks.ForEach(block => block.LetGo());
        }
    }

    public IReadOnlyList<LabelSet> Series(IReadOnlyList<LabelMatcher> matchers, long from, long to)
    {
        var (blocks, inMemory) = Look(matchers, new Wanted(from, to, new ReadHint()));
        try
        {
            var found = inMemory.ToDictionary(memory => memory.Series.Fingerprint, memory => memory.Series.Labels);
            foreach (var block in blocks)
            {
                var index = shelf.IndexOf(block);
                foreach (var series in Matching(index, matchers, from, to))
                {
                    if (!found.ContainsKey(index.Fingerprints[series]))
                    {
                        found[index.Fingerprints[series]] = index.LabelsOf(series);
                    }
                }
            }

            return [.. found.Values.Order(LabelOrder.Instance)];
        }
        finally
        {
            blocks.ForEach(block => block.LetGo());
        }
    }

    /// <summary>Names of labels, or the values of one, of all series of blocks that touch the range and of those in memory.</summary>
    public IReadOnlyList<string> Texts(string? name, long from, long to)
    {
        var texts = new SortedSet<string>(name is null ? head.LabelNames() : head.LabelValues(name), StringComparer.Ordinal);
        var blocks = shelf.Use(from, to);
        try
        {
            foreach (var block in blocks)
            {
                var index = shelf.IndexOf(block);
                texts.UnionWith(name is null ? index.LabelNames() : index.LabelValues(name));
            }

            return [.. texts];
        }
        finally
        {
            blocks.ForEach(block => block.LetGo());
        }
    }

    /// <summary>Blocks and what is in memory, so that no sample is missed or seen twice while a block is made of what is in memory.</summary>
    private (List<Block> Blocks, List<InMemory> InMemory) Look(IReadOnlyList<LabelMatcher> matchers, Wanted wanted)
    {
        while (true)
        {
            var cuts = head.CutsSeen();
            var blocks = shelf.Use(wanted.From, wanted.To);
            var candidates = Array.FindAll(head.Candidates(matchers), series => Fits(series.Labels, matchers));
            var inMemory = new List<InMemory>(candidates.Length);
            var folds = wanted.Fold != SampleFold.None;
            head.Visit(candidates, series =>
            {
                // A fold depends on the sample before the range, and what is in memory is short.
                var chunks = new List<Chunk>();
                var frozen = head.FrozenVisible;
                series.Snapshot(folds ? long.MinValue : wanted.From, folds ? long.MaxValue : wanted.To, frozen, chunks);
                if (chunks.Count > 0)
                {
                    inMemory.Add(new InMemory(series, chunks, frozen));
                }
            });
            if (cuts == head.CutsSeen())
            {
                return (blocks, inMemory);
            }

            blocks.ForEach(block => block.LetGo());
        }
    }

    /// <summary>What is to be read of a block, and for whom.</summary>
    private static (BlockIndex Index, (int Series, SampleBuffer Samples)[] Reads) Prepare(
        BlockIndex index, IReadOnlyList<LabelMatcher> matchers, Wanted wanted, Dictionary<UInt128, Found> found)
    {
        var series = Matching(index, matchers, wanted.From, wanted.To);
        var reads = new (int Series, SampleBuffer Samples)[series.Length];
        var fingerprints = index.Fingerprints;
        var firsts = index.Firsts;
        var lasts = index.Lasts;
        var counts = index.Counts;
        for (var i = 0; i < series.Length; i++)
        {
            var place = series[i];
            if (!found.TryGetValue(fingerprints[place], out var one))
            {
                found[fingerprints[place]] = one = new Found(index.LabelsOf(place));
            }

            one.Samples.Expect(Expected(wanted, firsts[place], lasts[place], counts[place]));
            reads[i] = (place, one.Samples);
        }

        return (index, reads);
    }

    private static int Expected(Wanted wanted, long first, long last, int count)
    {
        var touched = Math.Min(wanted.To, last) - Math.Max(wanted.From, first);
        return wanted.Fold != SampleFold.None
            ? (int)Math.Min(count, (touched / ReadHint.Resolution) + 2)
            : (int)((double)count * touched / Math.Max(1, last - first) * HintWindows.Share(wanted.Hint)) + Chunk.SamplesMax;
    }

    private void Read(Block block, BlockIndex index, (int Series, SampleBuffer Samples)[] reads, Wanted wanted, ReadBudget budget)
    {
        var broken = 0;
        if (reads.Length < ParallelMin)
        {
            broken = BlockScan.Read(block, index, reads, wanted, budget);
        }
        else
        {
            var parts = Math.Min(Environment.ProcessorCount, 4);
            try
            {
                Parallel.For(0, parts, part =>
                {
                    var (start, end) = (reads.Length * part / parts, reads.Length * (part + 1) / parts);
                    Interlocked.Add(ref broken, BlockScan.Read(block, index, reads.AsSpan(start, end - start), wanted, budget));
                });
            }
            catch (AggregateException several)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
            }
        }

        if (broken > 0)
        {
            damaged(block, broken);
        }
    }

    private static int[] Matching(BlockIndex index, IReadOnlyList<LabelMatcher> matchers, long from, long to)
    {
        var matching = index.Find(matchers);
        var firsts = index.Firsts;
        var lasts = index.Lasts;
        var kept = 0;
        foreach (var series in matching)
        {
            if (firsts[series] <= to && lasts[series] >= from)
            {
                matching[kept++] = series;
            }
        }

        return matching[..kept];
    }

    private static bool Fits(LabelSet labels, IReadOnlyList<LabelMatcher> matchers)
    {
        foreach (var matcher in matchers)
        {
            if (!matcher.Accepts(labels))
            {
                return false;
            }
        }

        return true;
    }

    private sealed class Found(LabelSet labels)
    {
        public LabelSet Labels { get; } = labels;

        public SampleBuffer Samples { get; } = new();
    }
}
