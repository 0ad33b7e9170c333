using Slipway.Gateway.Messages;

namespace Slipway.Gateway.Forwarding;

/// <summary>The names a request goes by: its request id and its trace, the client's own when they are well formed.</summary>
internal sealed class RequestIdentity
{
    private const int SpanIdAt = 36;
    private const int SpanIdLength = 16;

    private readonly byte[] _requestId = new byte[128];
    private readonly byte[] _traceParent = new byte[55];
    private readonly byte[] _parent = new byte[SpanIdLength];
    private int _requestIdLength;
    private bool _records;
    private bool _hasParent;

    public ReadOnlySpan<byte> RequestId => _requestId.AsSpan(0, _requestIdLength);

    public ReadOnlySpan<byte> TraceParent => _traceParent;

    public ReadOnlySpan<byte> TraceId => _traceParent.AsSpan(3, 32);

    /// <summary>The gateway's own span, which the instance is told as its parent; empty when none is recorded.</summary>
    public ReadOnlySpan<byte> SpanId => _records ? _traceParent.AsSpan(SpanIdAt, SpanIdLength) : default;

    /// <summary>The client's span; empty when there is none or the gateway has no span below it.</summary>
    public ReadOnlySpan<byte> ParentSpanId => _hasParent ? _parent : default;

    /// <summary>Whether the sender records its part of the trace, or the trace begins here.</summary>
    public bool IsSampled
    {
        get
        {
            // The lowest bit of the flags. As characters the odd digits are odd and the odd letters even.
            var last = _traceParent[54];
            return (last % 2 == 1) == (last <= '9');
        }
    }

    /// <param name="spans">Whether the gateway records a span of its own, which the instance then gets as its parent.</param>
    public void Begin(ReadOnlySpan<byte> requestId, ReadOnlySpan<byte> traceParent, Dice dice, TimeProvider time, bool spans)
    {
        if (Grammar.IsRequestId(requestId))
        {
            requestId.CopyTo(_requestId);
            _requestIdLength = requestId.Length;
        }
        else
        {
            WriteUuid(dice, time);
        }

        _hasParent = false;
        if (Grammar.IsTraceParent(traceParent))
        {
            traceParent.CopyTo(_traceParent);
            _records = spans && IsSampled;
            if (_records)
            {
                _hasParent = true;
                SpanId.CopyTo(_parent);
                WriteHex(_traceParent.AsSpan(SpanIdAt, SpanIdLength), dice.NextLong() | 1);
            }
        }
        else
        {
            "00-"u8.CopyTo(_traceParent);
            WriteHex(_traceParent.AsSpan(3, 16), dice.NextLong() | 1);
            WriteHex(_traceParent.AsSpan(19, 16), dice.NextLong());
            _traceParent[35] = (byte)'-';
            WriteHex(_traceParent.AsSpan(SpanIdAt, SpanIdLength), dice.NextLong() | 1);
            "-01"u8.CopyTo(_traceParent.AsSpan(52));
            _records = spans;
        }
    }

    /// <summary>UUIDv7: milliseconds first, so that ids sort by time.</summary>
    private void WriteUuid(Dice dice, TimeProvider time)
    {
        var high = ((ulong)time.GetUtcNow().ToUnixTimeMilliseconds() << 16) | 0x7000 | (dice.NextLong() & 0xFFF);
        var low = (dice.NextLong() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000;
        Span<byte> hex = stackalloc byte[32];
        WriteHex(hex[..16], high);
        WriteHex(hex[16..], low);
        hex[..8].CopyTo(_requestId);
        _requestId[8] = (byte)'-';
        hex[8..12].CopyTo(_requestId.AsSpan(9));
        _requestId[13] = (byte)'-';
        hex[12..16].CopyTo(_requestId.AsSpan(14));
        _requestId[18] = (byte)'-';
        hex[16..20].CopyTo(_requestId.AsSpan(19));
        _requestId[23] = (byte)'-';
        hex[20..32].CopyTo(_requestId.AsSpan(24));
        _requestIdLength = 36;
    }

    private static void WriteHex(Span<byte> target, ulong value)
    {
        for (var i = target.Length - 1; i >= 0; i--)
        {
            target[i] = "0123456789abcdef"u8[(int)(value & 0xF)];
            value >>= 4;
        }
    }
}
