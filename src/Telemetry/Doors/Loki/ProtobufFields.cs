namespace Slipway.Telemetry.Doors.Loki;

/// <summary>Goes through the fields of a protobuf message. What is torn ends the message and is told by <see cref="Failed"/>.</summary>
internal ref struct ProtobufFields(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    public bool Failed { get; private set; }

    public int Field { get; private set; }

    public ulong Number { get; private set; }

    public ReadOnlySpan<byte> Bytes { get; private set; }

    public bool Next()
    {
        if (_rest.Length == 0 || Failed)
        {
            return false;
        }

        if (!TryNumber(out var key))
        {
            return Fail();
        }

        Field = (int)(key >> 3);
        Number = 0;
        Bytes = [];
        switch (key & 7)
        {
            case 0 when TryNumber(out var number):
                Number = number;
                return true;
            case 1 when _rest.Length >= 8:
                _rest = _rest[8..];
                return true;
            case 2 when TryNumber(out var length) && length <= (ulong)_rest.Length:
                Bytes = _rest[..(int)length];
                _rest = _rest[(int)length..];
                return true;
            case 5 when _rest.Length >= 4:
                _rest = _rest[4..];
                return true;
            default:
                return Fail();
        }
    }

    private bool Fail()
    {
        Failed = true;
        return false;
    }

    private bool TryNumber(out ulong value)
    {
        value = 0;
        for (var index = 0; index < 10 && index < _rest.Length; index++)
        {
            value |= (ulong)(_rest[index] & 0x7f) << (7 * index);
            if (_rest[index] < 0x80)
            {
                _rest = _rest[(index + 1)..];
                return true;
            }
        }

        return false;
    }
}
