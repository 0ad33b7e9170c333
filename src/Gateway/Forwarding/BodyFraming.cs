using Slipway.Gateway.Messages;

namespace Slipway.Gateway.Forwarding;

internal enum BodyKind : byte
{
    None,
    Length,
    Chunked,
    UntilClose,
}

/// <summary>Where a body ends. Owned by one pump at a time; the framing bytes of chunks pass through as they came.</summary>
internal struct BodyFraming
{
    private long _remaining;
    private ChunkScanner _chunks;

    public BodyKind Kind { get; private set; }

    public static BodyFraming None => default;

    public static BodyFraming OfLength(long length) => new() { Kind = length == 0 ? BodyKind.None : BodyKind.Length, _remaining = length };

    public static BodyFraming OfChunks => new() { Kind = BodyKind.Chunked };

    public static BodyFraming ToClose => new() { Kind = BodyKind.UntilClose };

    public readonly bool IsDone => Kind switch
    {
        BodyKind.None => true,
        BodyKind.Length => _remaining == 0,
        BodyKind.Chunked => _chunks.IsDone,
        _ => false,
    };

    public readonly bool IsBroken => Kind == BodyKind.Chunked && _chunks.IsBroken;

    public readonly long Remaining => Kind == BodyKind.Length ? _remaining : 0;

    /// <summary>How many bytes at the start of the input belong to this body. They count as taken.</summary>
    public int Take(ReadOnlySpan<byte> input)
    {
        switch (Kind)
        {
            case BodyKind.Length:
                var part = (int)Math.Min(_remaining, input.Length);
                _remaining -= part;
                return part;
            case BodyKind.Chunked:
                return _chunks.ScanAll(input);
            case BodyKind.UntilClose:
                return input.Length;
            default:
                return 0;
        }
    }

    /// <summary>The next piece of a chunked body without its framing. Returns the bytes taken; payload stands at their end.</summary>
    public int TakePayload(ReadOnlySpan<byte> input, out int payload) => _chunks.Scan(input, out payload);
}
