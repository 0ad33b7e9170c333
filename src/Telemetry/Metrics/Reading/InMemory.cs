using Slipway.Telemetry.Metrics.Blocks;
using Slipway.Telemetry.Metrics.Chunks;
using Slipway.Telemetry.Metrics.Head;

namespace Slipway.Telemetry.Metrics.Reading;

/// <summary>What a series had in memory at one moment.</summary>
internal sealed class InMemory(HeadSeries series, List<Chunk> chunks, bool frozen)
{
    public HeadSeries Series { get; } = series;

    public void ReadInto(SampleBuffer samples, Wanted wanted, ReadBudget budget)
    {
        if (wanted.Fold == SampleFold.None)
        {
            foreach (var chunk in chunks)
            {
                if (HintWindows.Touch(wanted.Hint, chunk.First, chunk.Last))
                {
                    Decode(chunk, samples.Reserve(chunk.Count));
                    budget.Spend(samples.Keep(chunk.Count, wanted.From, wanted.To, wanted.Hint));
                }
            }

            return;
        }

        var all = All(new SampleBuffer());
        var first = all.Span[0].Value;
        var folded = samples.Reserve(all.Length);
        all.Span.CopyTo(folded);
        var count = Folding.Fold(wanted.Fold, folded, Series.CarriedInto(first, frozen));
        budget.Spend(samples.Keep(count, wanted.From, wanted.To));
    }

    /// <summary>All samples, in order, in a buffer that may have served others before.</summary>
    public ReadOnlyMemory<Sample> All(SampleBuffer samples)
    {
        samples.Clear();
        foreach (var chunk in chunks)
        {
            Decode(chunk, samples.Reserve(chunk.Count));
            samples.Keep(chunk.Count, long.MinValue, long.MaxValue);
        }

        return samples.Finish();
    }

    private static void Decode(Chunk chunk, Span<Sample> into)
    {
        Span<byte> padded = stackalloc byte[4_096];
        chunk.Data.CopyTo(padded);
        if (!ChunkReader.TryDecode(padded, chunk.Data.Length, chunk.First, into))
        {
            throw new InvalidOperationException("a chunk in memory cannot be read back");
        }
    }
}
