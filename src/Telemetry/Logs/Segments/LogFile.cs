using Microsoft.Win32.SafeHandles;

namespace Slipway.Telemetry.Logs.Segments;

/// <summary>A file that is appended to and read anywhere. What could not be written wholly is cut off again.</summary>
internal sealed class LogFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly Action<int>? _writing;

    private LogFile(string path, SafeFileHandle handle, long length, Action<int>? writing) =>
        (Path, _handle, Length, _writing) = (path, handle, length, writing);

    public string Path { get; }

    public long Length { get; private set; }

    public static LogFile Create(string path, Action<int>? writing)
    {
        writing?.Invoke(0);
        return new(path, File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete), 0, writing);
    }

    public static LogFile Open(string path, Action<int>? writing)
    {
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        return new(path, handle, RandomAccess.GetLength(handle), writing);
    }

    /// <exception cref="IOException">The disk is full or broken; the file is as long as before.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _writing?.Invoke(bytes.Length);
            RandomAccess.Write(_handle, bytes, Length);
            Length += bytes.Length;
        }
        catch (IOException)
        {
            Cut(Length);
            throw;
        }
    }

    public void Flush() => RandomAccess.FlushToDisk(_handle);

    public void Cut(long length)
    {
        RandomAccess.SetLength(_handle, length);
        Length = length;
    }

    /// <exception cref="DamagedException">The file ends before.</exception>
    public void Read(long position, Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var count = RandomAccess.Read(_handle, bytes, position);
            if (count == 0)
            {
                throw new DamagedException($"the file ends at {position}");
            }

            position += count;
            bytes = bytes[count..];
        }
    }

    public void Dispose() => _handle.Dispose();
}
