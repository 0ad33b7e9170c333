namespace Slipway.Gateway.Messages;

/// <summary>
/// Follows chunked framing through whatever pieces it arrives in. It only finds where payload stands and where the
/// message ends; nothing is copied. A value: a pump owns one and starts it anew for each body.
/// </summary>
internal struct ChunkScanner
{
    /// <summary>Extensions and trailers are passed on, so they are bounded like any other head.</summary>
    private const int LineMax = 4096;
    private const int TrailersMax = 16 * 1024;

    private State _state;
    private long _remaining;
    private int _digits;
    private int _line;
    private int _trailers;

    private enum State : byte
    {
        Size,
        Extension,
        SizeEnd,
        Data,
        DataReturn,
        DataEnd,
        TrailerStart,
        Trailer,
        TrailerEnd,
        LastEnd,
        Done,
        Broken,
    }

    public readonly bool IsDone => _state == State.Done;

    public readonly bool IsBroken => _state == State.Broken;

    /// <summary>
    /// Consumes framing until payload, the end or the end of the input is met. Returns the bytes consumed;
    /// <paramref name="payload"/> is how many of the last consumed ones are payload.
    /// </summary>
    public int Scan(ReadOnlySpan<byte> input, out int payload)
    {
        payload = 0;
        var position = 0;
        while (position < input.Length && _state < State.Done)
        {
            if (_state == State.Data)
            {
                payload = (int)Math.Min(_remaining, input.Length - position);
                _remaining -= payload;
                if (_remaining == 0)
                {
                    _state = State.DataReturn;
                }

                return position + payload;
            }

            Step(input[position++]);
        }

        return position;
    }

    /// <summary>Consumes as much of the message as the input holds, payload included. Returns the bytes that belong to it.</summary>
    public int ScanAll(ReadOnlySpan<byte> input)
    {
        var position = 0;
        while (position < input.Length && _state < State.Done)
        {
            position += Scan(input[position..], out _);
        }

        return position;
    }

    private void Step(byte next)
    {
        _state = _state switch
        {
            State.Size => Size(next),
            State.Extension when next == '\r' => State.SizeEnd,
            State.Extension => ++_line > LineMax || IsControl(next) ? State.Broken : State.Extension,
            State.SizeEnd when next == '\n' => AfterSize(),
            State.DataReturn when next == '\r' => State.DataEnd,
            State.DataEnd when next == '\n' => StartSize(),
            State.TrailerStart when next == '\r' => State.LastEnd,
            State.TrailerStart => TrailerCharacter(next, first: true),
            State.Trailer when next == '\r' => State.TrailerEnd,
            State.Trailer => TrailerCharacter(next, first: false),
            State.TrailerEnd when next == '\n' => State.TrailerStart,
            State.LastEnd when next == '\n' => State.Done,
            _ => State.Broken,
        };
    }

    private State Size(byte next)
    {
        var digit = next switch
        {
            >= (byte)'0' and <= (byte)'9' => next - '0',
            >= (byte)'a' and <= (byte)'f' => next - 'a' + 10,
            >= (byte)'A' and <= (byte)'F' => next - 'A' + 10,
            _ => -1,
        };
        if (digit >= 0)
        {
            _remaining = (_remaining << 4) | (uint)digit;
            return ++_digits > 15 ? State.Broken : State.Size;
        }

        if (_digits == 0)
        {
            return State.Broken;
        }

        _line = 0;
        return next switch
        {
            (byte)'\r' => State.SizeEnd,
            (byte)';' => State.Extension,
            _ => State.Broken,
        };
    }

    private State AfterSize() => _remaining == 0 ? State.TrailerStart : State.Data;

    private State StartSize()
    {
        _digits = 0;
        _remaining = 0;
        return State.Size;
    }

    private State TrailerCharacter(byte next, bool first) =>
        ++_trailers > TrailersMax || IsControl(next) || (first && next is (byte)' ' or (byte)':') ? State.Broken : State.Trailer;

    private static bool IsControl(byte next) => (next < 0x20 && next != '\t') || next == 0x7F;
}
