using System.Text;
using Microsoft.Win32.SafeHandles;
using Slipway.Runtime.Process.Native;

namespace Slipway.Runtime.Logs;

/// <summary>
/// One file an instance appends to by itself, whether we live or not. We read behind it and give the blocks we have read
/// back to the file system by punching holes: unlike truncation this cannot lose what is written at the same moment.
/// </summary>
internal sealed class RawStream : IDisposable
{
    private const int PunchHole = 0x02 | 0x01;
    private const long BlockBytes = 4096;
    private const long PunchEvery = 256 << 10;

    private readonly LogStream _stream;
    private readonly LogLimits _limits;
    private readonly SafeFileHandle _file;
    private byte[] _partial = [];
    private long _offset;
    private long _punched;
    private long _dropped;
    private DateTimeOffset _noticed = DateTimeOffset.MinValue;
    private bool _canPunch = true;

    public RawStream(string path, LogStream stream, long offset, LogLimits limits)
    {
        _stream = stream;
        _limits = limits;
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        _offset = offset;
    }

    /// <summary>Where the first line begins that is not stored yet.</summary>
    public long StoredUpTo => _offset - _partial.Length;

    /// <summary>Moves complete lines to <paramref name="target"/>; returns how many bytes it read.</summary>
    /// <param name="last">Nobody writes any more: the rest is a line even without its end.</param>
    public int Read(MemoryStream target, DateTimeOffset now, int budget, bool last)
    {
        var length = RandomAccess.GetLength(_file);
        if (length < _offset)
        {
            // The program has emptied its own output.
            _offset = 0;
            _punched = 0;
            _partial = [];
        }

        SkipBacklog(length);
        var count = (int)Math.Min(length - _offset, Math.Min(budget, _limits.StreamBytesPerLook));
        if (count > 0)
        {
            var buffer = new byte[_partial.Length + count];
            _partial.CopyTo(buffer, 0);
            count = RandomAccess.Read(_file, buffer.AsSpan(_partial.Length), _offset);
            var start = _offset - _partial.Length;
            _offset += count;
            Split(buffer.AsSpan(0, _partial.Length + count), start, target, now);
        }

        if (last && _offset >= length && _partial.Length > 0)
        {
            LogFormat.Append(target, now, _stream, _offset, _partial);
            _partial = [];
        }

        Notice(target, now, last || _offset >= length);
        return count;
    }

    /// <summary>Call after the lines are safely stored: gives back the space of what was read.</summary>
    public void GiveBack()
    {
        var upTo = StoredUpTo / BlockBytes * BlockBytes;
        if (_canPunch && upTo - _punched >= PunchEvery)
        {
            _canPunch = LibC.Allocate((int)_file.DangerousGetHandle(), PunchHole, _punched, upTo - _punched) == 0;
            _punched = upTo;
        }
        else if (!_canPunch && _partial.Length == 0 && _offset > _limits.BacklogBytesMax && RandomAccess.GetLength(_file) == _offset)
        {
            // This file system has no holes. A line written in this very moment is lost; a full disk would lose more.
            RandomAccess.SetLength(_file, 0);
            _offset = 0;
        }
    }

    public void Dispose() => _file.Dispose();

    private void SkipBacklog(long length)
    {
        if (length - _offset <= _limits.BacklogBytesMax)
        {
            return;
        }

        var target = length - _limits.BacklogKeptBytes;
        _dropped += target - _offset + _partial.Length;
        _offset = target;
        _partial = [];
    }

    private void Split(ReadOnlySpan<byte> bytes, long start, MemoryStream target, DateTimeOffset now)
    {
        while (bytes.Length > 0)
        {
            var end = bytes.IndexOf((byte)'\n');
            if (end < 0 && bytes.Length < _limits.LineBytesMax)
            {
                break;
            }

            var complete = end >= 0 && end <= _limits.LineBytesMax;
            var take = complete ? end : _limits.LineBytesMax;
            var step = complete ? end + 1 : take;
            start += step;
            LogFormat.Append(target, now, _stream, start, bytes[..take]);
            bytes = bytes[step..];
        }

        _partial = bytes.ToArray();
    }

    private void Notice(MemoryStream target, DateTimeOffset now, bool caughtUp)
    {
        if (_dropped == 0 || (!caughtUp && now - _noticed < _limits.DropNoticeEvery))
        {
            return;
        }

        var name = _stream == LogStream.Output ? "stdout" : "stderr";
        var text = $"[slipway] {_dropped} bytes of {name} were dropped here: the instance writes faster than {_limits.StreamBytesPerLook / _limits.Interval.TotalSeconds / (1 << 20):0.#} MiB/s, which is what is kept.";
        LogFormat.Append(target, now, _stream, StoredUpTo, Encoding.UTF8.GetBytes(text));
        _dropped = 0;
        _noticed = now;
    }
}
