namespace Slipway.Telemetry.Logs.Segments;

/// <summary>
/// Lines in memory, in the order they came. Only ever appended to, by one at a time; what a reader has taken a picture of never changes.
/// </summary>
internal sealed class LogBatch(long sequence, long openedAt)
{
    /// <summary>What an entry needs beside its text.</summary>
    public const int EntryCost = 56;

    private byte[] _text = new byte[64 << 10];
    private LogEntry[] _entries = new LogEntry[256];

    public long Sequence => sequence;

    /// <summary>Timestamp of the clock, for its age.</summary>
    public long OpenedAt => openedAt;

    public int Count { get; private set; }

    public int TextLength { get; private set; }

    /// <summary>So many of its entries are in the journal, and on the disk.</summary>
    public int Journaled { get; set; }

    public long From { get; private set; } = long.MaxValue;

    public long To { get; private set; } = long.MinValue;

    public long Cost => TextLength + ((long)Count * EntryCost);

    /// <summary>A place for a text, which becomes part of the batch with <see cref="Add"/>.</summary>
    public Span<byte> Room(int length)
    {
        if (_text.Length - TextLength < length)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, TextLength + length));
        }

        return _text.AsSpan(TextLength, length);
    }

    public void Add(LogStream stream, long nanoseconds, int length, UInt128 trace)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        _entries[Count] = new LogEntry(stream, nanoseconds, TextLength, length, trace);
        Count++;
        TextLength += length;
        From = Math.Min(From, nanoseconds);
        To = Math.Max(To, nanoseconds);
    }

    public BatchPicture Picture() => new(sequence, _text, _entries, Count, From, To);
}

/// <summary>A batch as it was at one moment.</summary>
internal sealed record BatchPicture(long Sequence, byte[] Text, LogEntry[] Entries, int Count, long From, long To)
{
    public ReadOnlySpan<LogEntry> Lines => Entries.AsSpan(0, Count);

    public ReadOnlySpan<byte> TextOf(in LogEntry entry) => Text.AsSpan(entry.Start, entry.Length);
}
