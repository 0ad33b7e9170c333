using System.Collections.Concurrent;
using System.Text;

namespace Slipway.Sdk.Hosting;

/// <summary>Takes the place of standard output and keeps what was written, line by line.</summary>
public sealed class LogStream : Stream
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> All => _lines;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>The kit writes whole lines.</summary>
    public override void Write(byte[] buffer, int offset, int count) => _lines.Enqueue(Encoding.UTF8.GetString(buffer, offset, count).TrimEnd('\n'));
}
