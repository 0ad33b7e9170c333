using Slipway.Gateway.Wires;

namespace Slipway.Gateway.Multiplexing;

/// <summary>A wire as a stream, starting with bytes that were read before it was handed over.</summary>
internal sealed class WireStream(Wire wire, byte[] first) : Stream
{
    private ReadOnlyMemory<byte> _first = first;
    private Task<bool>? _reading;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_first.IsEmpty)
        {
            var taken = Math.Min(_first.Length, buffer.Length);
            _first[..taken].CopyTo(buffer);
            _first = _first[taken..];
            return taken;
        }

        if (wire.UnreadLength == 0)
        {
            // A cancelled wait leaves the read itself going; the next call waits for the same one.
            _reading ??= wire.ReadAsync(Wire.SmallBuffer).AsTask();
            var more = await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
            _reading = null;
            if (!more)
            {
                return 0;
            }
        }

        var count = Math.Min(wire.UnreadLength, buffer.Length);
        wire.UnreadMemory[..count].CopyTo(buffer);
        wire.Consume(count);
        return count;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => wire.Transport.SendAsync(buffer);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
