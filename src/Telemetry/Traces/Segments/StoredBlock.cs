using System.Buffers.Binary;

namespace Slipway.Telemetry.Traces.Segments;

/// <summary>
/// What is known of a block without reading its traces. On disk a block is a header of 44 bytes, a head (times, trace ids, filter of
/// terms) and a body (the compressed traces), each with its own checksum.
/// </summary>
internal sealed class StoredBlock
{
    public const int HeaderLength = 44;
    public const int RawMax = 64 * 1024 * 1024;
    private const uint Magic = 0x31425053;
    private const int FixedHead = 40;

    public required long Offset { get; init; }

    public required int HeadLength { get; init; }

    public required int BodyLength { get; init; }

    public required int RawLength { get; init; }

    public required uint BodyChecksum { get; init; }

    /// <summary>Milliseconds since 1970, by the clock of the store.</summary>
    public required long WrittenAt { get; init; }

    public long FirstStart { get; private set; }

    public long LastStart { get; private set; }

    public long LongestNanoseconds { get; private set; }

    public bool HasErrors { get; private set; }

    public int Spans { get; private set; }

    public ulong[] Hashes { get; private set; } = [];

    public int[] Places { get; private set; } = [];

    public int FilterLength { get; private set; }

    public long FilterOffset => Offset + HeaderLength + HeadLength - FilterLength;

    public long BodyOffset => Offset + HeaderLength + HeadLength;

    public long Length => HeaderLength + HeadLength + BodyLength;

    /// <summary>Where in the body the entries of a trace begin.</summary>
    public IEnumerable<int> PlacesOf(ulong hash)
    {
        var index = Array.BinarySearch(Hashes, hash);
        if (index < 0)
        {
            yield break;
        }

        while (index > 0 && Hashes[index - 1] == hash)
        {
            index--;
        }

        for (; index < Hashes.Length && Hashes[index] == hash; index++)
        {
            yield return Places[index];
        }
    }

    public static byte[] Write(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, int rawLength, long writtenAt)
    {
        var block = new byte[HeaderLength + head.Length + body.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(block, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(4), head.Length);
        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(8), body.Length);
        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(12), rawLength);
        BinaryPrimitives.WriteInt64LittleEndian(block.AsSpan(16), writtenAt);
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(32), Checksum.Of(head));
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(36), Checksum.Of(body));
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(40), Checksum.Of(block.AsSpan(0, 40)));
        head.CopyTo(block.AsSpan(HeaderLength));
        body.CopyTo(block.AsSpan(HeaderLength + head.Length));
        return block;
    }

    public static byte[] WriteHead(long firstStart, long lastStart, long longest, bool errors, int spans, List<(ulong Hash, int Place)> traces, byte[] filter)
    {
        var head = new byte[FixedHead + (traces.Count * 12) + filter.Length];
        BinaryPrimitives.WriteInt64LittleEndian(head, firstStart);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(8), lastStart);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(16), longest);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(24), errors ? 1 : 0);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(28), spans);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(32), traces.Count);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(36), filter.Length);
        var place = FixedHead;
        foreach (var trace in traces.OrderBy(trace => trace.Hash).ThenBy(trace => trace.Place))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(place), trace.Hash);
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(place + 8), trace.Place);
            place += 12;
        }

        filter.CopyTo(head, place);
        return head;
    }

    /// <summary>The lengths a header tells; nothing if it is none.</summary>
    public static StoredBlock? ReadHeader(ReadOnlySpan<byte> header, long offset, out uint headChecksum)
    {
        headChecksum = 0;
        if (header.Length < HeaderLength
            || BinaryPrimitives.ReadUInt32LittleEndian(header) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(header[40..]) != Checksum.Of(header[..40]))
        {
            return null;
        }

        headChecksum = BinaryPrimitives.ReadUInt32LittleEndian(header[32..]);
        var block = new StoredBlock
        {
            Offset = offset,
            HeadLength = BinaryPrimitives.ReadInt32LittleEndian(header[4..]),
            BodyLength = BinaryPrimitives.ReadInt32LittleEndian(header[8..]),
            RawLength = BinaryPrimitives.ReadInt32LittleEndian(header[12..]),
            WrittenAt = BinaryPrimitives.ReadInt64LittleEndian(header[16..]),
            BodyChecksum = BinaryPrimitives.ReadUInt32LittleEndian(header[36..]),
        };
        return block.HeadLength >= FixedHead && block.BodyLength >= 0 && block.RawLength is >= 0 and <= RawMax ? block : null;
    }

    public bool ReadHead(ReadOnlySpan<byte> head, uint checksum)
    {
        if (head.Length != HeadLength || Checksum.Of(head) != checksum)
        {
            return false;
        }

        FirstStart = BinaryPrimitives.ReadInt64LittleEndian(head);
        LastStart = BinaryPrimitives.ReadInt64LittleEndian(head[8..]);
        LongestNanoseconds = BinaryPrimitives.ReadInt64LittleEndian(head[16..]);
        HasErrors = BinaryPrimitives.ReadInt32LittleEndian(head[24..]) != 0;
        Spans = BinaryPrimitives.ReadInt32LittleEndian(head[28..]);
        var traces = BinaryPrimitives.ReadInt32LittleEndian(head[32..]);
        FilterLength = BinaryPrimitives.ReadInt32LittleEndian(head[36..]);
        if (traces < 0 || FilterLength < 8 || FixedHead + (traces * 12L) + FilterLength != head.Length)
        {
            return false;
        }

        (Hashes, Places) = (new ulong[traces], new int[traces]);
        for (var index = 0; index < traces; index++)
        {
            Hashes[index] = BinaryPrimitives.ReadUInt64LittleEndian(head[(FixedHead + (index * 12))..]);
            Places[index] = BinaryPrimitives.ReadInt32LittleEndian(head[(FixedHead + (index * 12) + 8)..]);
        }

        return true;
    }
}
