using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs.Segments;

namespace Slipway.Telemetry.Logs.Reading;

/// <summary>Goes through the lines of a <see cref="StorePicture"/>, block by block, and leaves out the blocks that cannot matter.</summary>
internal sealed class LineReader(LogStore store, ReadBudget budget)
{
    private const int LinesBetweenChecks = 512;

    private readonly BlockLines _block = new();
    private readonly Dictionary<LabelSet, bool> _wanted = [];

    private readonly record struct Source(long From, long To, BatchPicture? Batch, LogSegment? Segment, BlockHead? Head);

    public void Read(LineScan scan, ILineTaker taker)
    {
        foreach (var source in Sources(scan, store.Picture()))
        {
            budget.Check();
            if (!taker.Wants(Math.Max(scan.From, source.From), Math.Min(scan.To, source.To)))
            {
                budget.BlocksPassedOver++;
                continue;
            }

            if (source.Batch is { } batch)
            {
                ReadBatch(batch, scan, taker);
            }
            else
            {
                ReadBlockSafely(source.Segment!, source.Head!, scan, taker);
            }
        }
    }

    private List<Source> Sources(LineScan scan, StorePicture picture)
    {
        var sources = new List<Source>();
        foreach (var (segment, heads) in picture.Segments)
        {
            foreach (var head in heads)
            {
                if (head.From <= scan.To && head.To >= scan.From && AnyWanted(head, scan))
                {
                    sources.Add(new Source(head.From, head.To, null, segment, head));
                }
            }
        }

        foreach (var batch in picture.Batches)
        {
            if (batch.From <= scan.To && batch.To >= scan.From)
            {
                sources.Add(new Source(batch.From, batch.To, batch, null, null));
            }
        }

        sources.Sort(scan.Backward
            ? (left, right) => right.To.CompareTo(left.To)
            : (left, right) => left.From.CompareTo(right.From));
        return sources;
    }

    private bool AnyWanted(BlockHead head, LineScan scan)
    {
        foreach (ref readonly var stream in head.Streams.AsSpan())
        {
            if (stream.From <= scan.To && stream.To >= scan.From && IsWanted(stream.Labels, scan))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsWanted(LabelSet labels, LineScan scan)
    {
        if (!_wanted.TryGetValue(labels, out var wanted))
        {
            wanted = scan.Wanted(labels);
            _wanted.Add(labels, wanted);
        }

        return wanted;
    }

    private void ReadBatch(BatchPicture batch, LineScan scan, ILineTaker taker)
    {
        budget.Spend(scan.WithText ? batch.Text.Length : 0, batch.Count);
        for (var step = 0; step < batch.Count; step++)
        {
            if (step % LinesBetweenChecks == LinesBetweenChecks - 1)
            {
                budget.Check();
            }

            var index = scan.Backward ? batch.Count - 1 - step : step;
            ref readonly var entry = ref batch.Entries[index];
            if (entry.Nanoseconds < scan.From || entry.Nanoseconds > scan.To || !IsWanted(entry.Stream.Labels, scan))
            {
                continue;
            }

            var text = batch.TextOf(entry);
            if (HasTrace(scan, entry.Trace, text))
            {
                taker.Take(entry.Stream.Labels, new LineOrder(entry.Nanoseconds, batch.Sequence, 0, index), text, entry.Trace);
            }
        }
    }

    private void ReadBlockSafely(LogSegment segment, BlockHead head, LineScan scan, ILineTaker taker)
    {
        try
        {
            ReadBlock(segment, head, scan, taker);
        }
        catch (DamagedException damage)
        {
            store.Met(damage, head.MetaBytes + head.TextBytes);
        }
        catch (ObjectDisposedException)
        {
            // The segment became too old while we were reading; its lines are gone, as they would be a moment later.
        }
    }

    private void ReadBlock(LogSegment segment, BlockHead head, LineScan scan, ILineTaker taker)
    {
        if (scan.Trace != UInt128.Zero || scan.Needed.Count > 0)
        {
            var sieve = _block.ReadSieve(segment, head);
            if ((scan.Trace != UInt128.Zero && !WordSieve.MayHold(sieve, scan.Trace)) || !MayHold(sieve, scan.Needed))
            {
                budget.BlocksPassedOver++;
                return;
            }
        }

        budget.Spend(_block.Read(segment, head, scan.WithText), head.Lines);
        if (scan.WithText && !HasAll(_block.Text[..head.TextRaw], scan.Needed))
        {
            return;
        }

        var first = 0;
        foreach (var stream in head.Streams)
        {
            if (stream.From <= scan.To && stream.To >= scan.From && IsWanted(stream.Labels, scan))
            {
                ReadStream(head, stream, first, scan, taker);
            }

            first += stream.Lines;
        }
    }

    private void ReadStream(BlockHead head, BlockStream stream, int first, LineScan scan, ILineTaker taker)
    {
        var lines = _block.Lines.Slice(first, stream.Lines);
        for (var step = 0; step < lines.Length; step++)
        {
            if (step % LinesBetweenChecks == LinesBetweenChecks - 1)
            {
                budget.Check();
            }

            var index = scan.Backward ? lines.Length - 1 - step : step;
            ref readonly var line = ref lines[index];
            if (line.Nanoseconds < scan.From || line.Nanoseconds > scan.To)
            {
                continue;
            }

            var text = scan.WithText ? _block.TextOf(line) : [];
            var trace = scan.WithText ? _block.TraceOf(line) : line.Trace;
            if (HasTrace(scan, trace, text))
            {
                taker.Take(stream.Labels, new LineOrder(line.Nanoseconds, head.Batch, head.Part, first + index), text, trace);
            }
        }
    }

    private static bool HasTrace(LineScan scan, UInt128 trace, ReadOnlySpan<byte> text)
    {
        if (scan.Trace == UInt128.Zero || scan.Trace == trace)
        {
            return true;
        }

        Span<byte> digits = stackalloc byte[TraceDigits.Length];
        TraceDigits.Write(scan.Trace, digits);
        return text.IndexOf(digits) >= 0;
    }

    private static bool MayHold(ReadOnlySpan<byte> sieve, IReadOnlyList<NeededText> needed)
    {
        foreach (var text in needed)
        {
            var any = false;
            foreach (var choice in text.AnyOf)
            {
                any |= WordSieve.MayHold(sieve, choice, text.SameCase);
            }

            if (!any)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Looking through a block at once is many times as fast as looking through its lines.</summary>
    private static bool HasAll(ReadOnlySpan<byte> text, IReadOnlyList<NeededText> needed)
    {
        foreach (var need in needed)
        {
            var any = !need.SameCase;
            foreach (var choice in need.AnyOf)
            {
                any = any || text.IndexOf(choice) >= 0;
            }

            if (!any)
            {
                return false;
            }
        }

        return true;
    }
}
