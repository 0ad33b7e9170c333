using Microsoft.Win32.SafeHandles;

namespace Slipway.Telemetry.Metrics.Blocks;

/// <summary>A file written from its start to its end.</summary>
internal sealed class GrowingFile(Disk disk, string path) : IDisposable
{
    private readonly SafeFileHandle _file = disk.Create(path);
    private readonly byte[] _buffer = new byte[128 * 1024];
    private int _buffered;
    private long _written;

    public long Length => _written + _buffered;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _buffer.Length - _buffered)
        {
            Drain();
            if (bytes.Length > _buffer.Length)
            {
                disk.Write(_file, bytes, _written);
                _written += bytes.Length;
                return;
            }
        }

        bytes.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += bytes.Length;
    }

    /// <summary>Returns when the disk has all of it.</summary>
    public void Finish()
    {
        Drain();
        disk.Sync(_file);
    }

    public void Dispose() => _file.Dispose();

    private void Drain()
    {
        if (_buffered > 0)
        {
            disk.Write(_file, _buffer.AsSpan(0, _buffered), _written);
            _written += _buffered;
            _buffered = 0;
        }
    }
}
