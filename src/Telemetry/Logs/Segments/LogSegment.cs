using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Logs.Segments;

/// <summary>A file of blocks, appended to until it is large or old enough, and deleted as a whole.</summary>
internal sealed class LogSegment : IDisposable
{
    public const string Extension = ".segment";

    private readonly LogFile _file;
    private BlockHead[] _heads = [];

    private LogSegment(LogFile file, long openedAt) => (_file, OpenedAt) = (file, openedAt);

    /// <summary>Timestamp of the clock, for its age.</summary>
    public long OpenedAt { get; }

    public long Bytes => _file.Length;

    public string Path => _file.Path;

    /// <summary>Bytes that could not be understood when the file was opened.</summary>
    public long Damaged { get; private set; }

    /// <summary>As they are now: blocks that come later are in another array.</summary>
    public BlockHead[] Heads => Volatile.Read(ref _heads);

    public long From { get; private set; } = long.MaxValue;

    public long To { get; private set; } = long.MinValue;

    public static LogSegment Create(string path, long openedAt, Action<int>? writing) => new(LogFile.Create(path, writing), openedAt);

    /// <param name="last">It was being written to: its end may be torn, and is cut off.</param>
    public static LogSegment Open(string path, bool last, long openedAt, Func<LabelSet, LabelSet> intern, Action<int>? writing)
    {
        var segment = new LogSegment(LogFile.Open(path, writing), openedAt);
        segment.Scan(last, intern);
        return segment;
    }

    private void Scan(bool last, Func<LabelSet, LabelSet> intern)
    {
        var heads = new List<BlockHead>();
        var position = 0L;
        try
        {
            while (position < _file.Length)
            {
                var head = ReadHead(position, intern);
                if (last)
                {
                    ReadChecked(head.SievePosition, head.SieveBytes, head.SieveSum);
                    ReadChecked(head.MetaPosition, head.MetaBytes + head.TextBytes, head.BodySum);
                }

                heads.Add(head);
                position = head.End;
            }
        }
        catch (DamagedException)
        {
            Damaged = _file.Length - position;
        }

        // The rest of a batch that was being written is in its journal, all of it, and is written again.
        while (last && heads.Count > 0 && heads[^1].Part != heads[^1].Parts - 1)
        {
            position = heads[^1].Position;
            heads.RemoveAt(heads.Count - 1);
        }

        if (last && position < _file.Length)
        {
            _file.Cut(position);
        }

        Add(heads);
    }

    private BlockHead ReadHead(long position, Func<LabelSet, LabelSet> intern)
    {
        var bytes = new byte[BlockHead.FixedBytes];
        _file.Read(position, bytes);
        var reader = new ByteReader(bytes);
        var magic = reader.Fixed();
        var (headBytes, sieveBytes, metaBytes, textBytes) = (reader.Fixed(), reader.Fixed(), reader.Fixed(), reader.Fixed());
        var (sieveSum, bodySum, fixedSum, headSum) = (reader.Fixed(), reader.Fixed(), reader.Fixed(), reader.Fixed());
        if (magic != BlockHead.Magic || Checksum.Of(bytes.AsSpan(0, 28)) != fixedSum
            || (long)headBytes + sieveBytes + metaBytes + textBytes > _file.Length - position - BlockHead.FixedBytes)
        {
            throw new DamagedException("no block begins here");
        }

        var head = BlockHead.Read(ReadChecked(position + BlockHead.FixedBytes, (int)headBytes, headSum), intern);
        head.Position = position;
        (head.HeadBytes, head.SieveBytes, head.MetaBytes, head.TextBytes) = ((int)headBytes, (int)sieveBytes, (int)metaBytes, (int)textBytes);
        (head.SieveSum, head.BodySum) = (sieveSum, bodySum);
        return head;
    }

    private byte[] ReadChecked(long position, int length, uint sum)
    {
        var bytes = new byte[length];
        _file.Read(position, bytes);
        return Checksum.Of(bytes) == sum ? bytes : throw new DamagedException($"the checksum at {position} is another one");
    }

    /// <summary>Writes blocks and waits until they are on the disk. They are seen only after <see cref="Add"/>.</summary>
    /// <exception cref="IOException">Nothing was written.</exception>
    public void Write(ByteWriter blocks, IReadOnlyList<BlockHead> heads)
    {
        var position = _file.Length;
        _file.Append(blocks.Written);
        try
        {
            _file.Flush();
        }
        catch (IOException)
        {
            _file.Cut(position);
            throw;
        }

        foreach (var head in heads)
        {
            head.Position += position;
        }
    }

    public void Add(IReadOnlyList<BlockHead> heads)
    {
        foreach (var head in heads)
        {
            From = Math.Min(From, head.From);
            To = Math.Max(To, head.To);
        }

        Volatile.Write(ref _heads, [.. _heads, .. heads]);
    }

    /// <exception cref="DamagedException">It is not what was written.</exception>
    /// <exception cref="ObjectDisposedException">The segment was deleted meanwhile.</exception>
    public void ReadSieve(BlockHead head, Span<byte> bytes)
    {
        _file.Read(head.SievePosition, bytes);
        if (Checksum.Of(bytes) != head.SieveSum)
        {
            throw new DamagedException($"the sieve of the block at {head.Position} of {Path}");
        }
    }

    /// <summary>Times and texts, or only the times, which the checksum of both does not vouch for.</summary>
    public void ReadBody(BlockHead head, Span<byte> bytes)
    {
        _file.Read(head.MetaPosition, bytes);
        if (bytes.Length == head.MetaBytes + head.TextBytes && Checksum.Of(bytes) != head.BodySum)
        {
            throw new DamagedException($"the lines of the block at {head.Position} of {Path}");
        }
    }

    public void Dispose() => _file.Dispose();

    public void Delete()
    {
        Dispose();
        File.Delete(Path);
    }
}
