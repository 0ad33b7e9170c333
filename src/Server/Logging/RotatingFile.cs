namespace Slipway.Server.Logging;

/// <summary>
/// A log file that never grows beyond its share of the disk: when it is full it becomes <c>.1</c>, what was <c>.1</c>
/// becomes <c>.2</c>, and the oldest goes.
/// </summary>
internal sealed class RotatingFile(string path, long sizeMax, int kept) : IDisposable
{
    private FileStream? _file;

    public void Write(ReadOnlySpan<byte> line)
    {
        _file ??= Open();
        if (_file.Length + line.Length > sizeMax)
        {
            Rotate();
        }

        _file!.Write(line);
    }

    public void Flush() => _file?.Flush();

    public void Dispose() => _file?.Dispose();

    private FileStream Open() => new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);

    private void Rotate()
    {
        _file!.Dispose();
        for (var age = kept - 1; age >= 1; age--)
        {
            if (File.Exists($"{path}.{age}"))
            {
                File.Move($"{path}.{age}", $"{path}.{age + 1}", overwrite: true);
            }
        }

        File.Move(path, $"{path}.1", overwrite: true);
        _file = Open();
    }
}
