using System.IO.Compression;
using System.Security.Cryptography;

namespace Slipway.Registry.Unpacking;

/// <summary>
/// A layer's archive: decompressed on the way, bounded in size, and with the digest of the stored bytes at hand once all
/// were read. The compression is told from the first bytes, since media types are often wrong about it.
/// </summary>
internal sealed class LayerStream : Stream
{
    private readonly Stream _stored;
    private readonly Stream _archive;
    private readonly CryptoStream _hashing;
    private readonly SHA256 _sha256 = SHA256.Create();
    private long _left;

    private LayerStream(Stream stored, byte[] head, long bytesMax)
    {
        _stored = stored;
        _left = bytesMax;
        _hashing = new CryptoStream(stored, _sha256, CryptoStreamMode.Read, leaveOpen: true);
        _archive = head is [0x1f, 0x8b, ..] ? new GZipStream(_hashing, CompressionMode.Decompress, leaveOpen: true) : _hashing;
    }

    /// <summary>Null when the layer is compressed in a way this framework cannot read.</summary>
    public static LayerStream? Open(FileStream stored, long bytesMax)
    {
        var head = new byte[4];
        var read = stored.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        stored.Position = 0;
        return read == 4 && head is [0x28, 0xb5, 0x2f, 0xfd] ? null : new LayerStream(stored, head, bytesMax);
    }

    /// <summary>Reads what the archive reader left (padding, mostly) and gives the digest of everything stored.</summary>
    public async Task<byte[]> FinishAsync(CancellationToken cancellation)
    {
        var rest = new byte[64 * 1024];
        while (await ReadAsync(rest, cancellation) > 0)
        {
            // Only the digest and the bound matter here.
        }

        // Bytes behind the end of the compressed stream are stored, so they belong to the digest as well.
        while (await _hashing.ReadAsync(rest, cancellation) > 0)
        {
        }

        return _sha256.Hash!;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Count(_archive.Read(buffer, offset, count));

    public override int Read(Span<byte> buffer) => Count(_archive.Read(buffer));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await _archive.ReadAsync(buffer, cancellationToken));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (_archive != _hashing)
            {
                _archive.Dispose();
            }

            _hashing.Dispose();
            _sha256.Dispose();
            _stored.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Count(int read)
    {
        _left -= read;
        return _left >= 0 ? read : throw new UnpackRefusedException("it is larger, decompressed, than an image may be");
    }
}
