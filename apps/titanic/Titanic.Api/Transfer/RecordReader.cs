namespace Titanic.Api.Transfer;

/// <summary>One record of a file: a line, or several where a quoted field has line breaks in it.</summary>
/// <param name="End">Where the next one begins, counted in bytes from the beginning of the file.</param>
internal readonly record struct FileRecord(ReadOnlyMemory<byte> Bytes, long End);

/// <summary>Cuts a stream into records as it comes, so that a file of any size fits into memory and everybody knows where each record ends.</summary>
internal sealed class RecordReader(Stream stream, bool quoted, long from)
{
    public const int RecordBytesMax = 65_536;

    private readonly byte[] _buffer = new byte[RecordBytesMax * 2];
    private int _start;
    private int _end;
    private long _offset = from;
    private bool _ended;

    /// <summary>Set when a record is longer than records may be: then the rest cannot be cut.</summary>
    public bool Lost { get; private set; }

    /// <summary>Null at the end of the file.</summary>
    public async ValueTask<FileRecord?> NextAsync(CancellationToken cancellation)
    {
        var (looked, inside) = (0, false);
        while (true)
        {
            for (; _start + looked < _end; looked++)
            {
                var letter = _buffer[_start + looked];
                inside ^= quoted && letter == (byte)'"';
                if (letter == (byte)'\n' && !inside)
                {
                    return Take(looked + 1);
                }
            }

            if (looked > RecordBytesMax)
            {
                Lost = true;
                return null;
            }

            if (_ended)
            {
                return looked == 0 ? null : Take(looked);
            }

            await FillAsync(cancellation);
        }
    }

    private FileRecord Take(int length)
    {
        var bytes = _buffer.AsMemory(_start, length);
        (_start, _offset) = (_start + length, _offset + length);
        return new FileRecord(bytes, _offset);
    }

    private async ValueTask FillAsync(CancellationToken cancellation)
    {
        // What was given out is used before the next is asked for, so the rest may move to the front.
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        var count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellation);
        (_end, _ended) = (_end + count, count == 0);
    }
}
