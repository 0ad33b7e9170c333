using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Logs.Reading;

/// <summary>Where a line stands among others of the same time: the batch, the block, the place in it.</summary>
internal readonly record struct LineOrder(long Nanoseconds, long Batch, int Part, int Index) : IComparable<LineOrder>
{
    public int CompareTo(LineOrder other)
    {
        var order = Nanoseconds.CompareTo(other.Nanoseconds);
        order = order != 0 ? order : Batch.CompareTo(other.Batch);
        order = order != 0 ? order : Part.CompareTo(other.Part);
        return order != 0 ? order : Index.CompareTo(other.Index);
    }
}

/// <summary>What to read. Both ends of the time belong to it.</summary>
internal sealed record LineScan
{
    public required Func<LabelSet, bool> Wanted { get; init; }

    public required long From { get; init; }

    public required long To { get; init; }

    /// <summary>Texts that every wanted line has in it. Blocks without them are not read.</summary>
    public IReadOnlyList<NeededText> Needed { get; init; } = [];

    /// <summary>Zero for any.</summary>
    public UInt128 Trace { get; init; }

    public bool WithText { get; init; } = true;

    /// <summary>Newest first; otherwise oldest first. Only roughly: blocks overlap.</summary>
    public bool Backward { get; init; }
}

/// <summary>One of these texts has to be in a line.</summary>
internal readonly record struct NeededText(byte[][] AnyOf, bool SameCase = true);

internal interface ILineTaker
{
    /// <summary>Whether lines of this time can still matter.</summary>
    bool Wants(long from, long to);

    void Take(LabelSet stream, in LineOrder order, ReadOnlySpan<byte> line, UInt128 trace);
}
