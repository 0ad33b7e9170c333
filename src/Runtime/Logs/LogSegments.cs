using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Slipway.Runtime.Logs;

/// <summary>
/// The kept lines of one instance: numbered files, appended to the newest, the oldest deleted beyond the bound. Readers
/// open the files on their own and stop at the last complete line.
/// </summary>
internal sealed class LogSegments : IDisposable
{
    private readonly string _folder;
    private readonly LogLimits _limits;
    private SafeFileHandle? _file;
    private int _number;
    private long _length;

    public LogSegments(string folder, LogLimits limits)
    {
        _folder = folder;
        _limits = limits;
    }

    public static IReadOnlyList<int> Numbers(string folder)
    {
        try
        {
            return
            [
                .. Directory.EnumerateFiles(folder, "*.log")
                    .Select(path => int.TryParse(Path.GetFileNameWithoutExtension(path.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
                    .Where(number => number > 0)
                    .Order(),
            ];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    public static string PathOf(string folder, int number) => Path.Combine(folder, $"{number:D6}.log");

    /// <summary>Opens the newest file, cuts a line a crash has torn, and tells how far each stream was stored.</summary>
    public (long Output, long Error) Recover()
    {
        var numbers = Numbers(_folder);
        if (numbers.Count == 0)
        {
            return (0, 0);
        }

        _number = numbers[^1];
        _file = File.OpenHandle(PathOf(_folder, _number), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[RandomAccess.GetLength(_file)];
        _length = RandomAccess.Read(_file, bytes, 0);
        var complete = bytes.AsSpan(0, (int)_length).LastIndexOf((byte)'\n') + 1;
        if (complete < _length)
        {
            RandomAccess.SetLength(_file, complete);
            _length = complete;
        }

        long output = 0, error = 0;
        foreach (var range in bytes.AsSpan(0, complete).Split((byte)'\n'))
        {
            var line = bytes.AsSpan(range);
            if (LogFormat.TryParseHeader(line, out var storedOutput, out var storedError))
            {
                (output, error) = (storedOutput, storedError);
            }
            else if (LogFormat.TryParse(line, out var stored))
            {
                output = stored.Line.Stream == LogStream.Output ? stored.RawEnd : output;
                error = stored.Line.Stream == LogStream.Error ? stored.RawEnd : error;
            }
        }

        return (output, error);
    }

    /// <param name="output">How far the streams were stored before these lines; begins a new file when the present one is full.</param>
    public void Append(ReadOnlySpan<byte> lines, long output, long error)
    {
        if (_file is null || _length >= _limits.SegmentBytes)
        {
            _file?.Dispose();
            _file = File.OpenHandle(PathOf(_folder, ++_number), FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            var header = System.Text.Encoding.ASCII.GetBytes(LogFormat.Header(output, error));
            RandomAccess.Write(_file, header, 0);
            _length = header.Length;
            foreach (var old in Numbers(_folder).SkipLast(_limits.SegmentsMax))
            {
                File.Delete(PathOf(_folder, old));
            }
        }

        RandomAccess.Write(_file, lines, _length);
        _length += lines.Length;
    }

    public void Dispose() => _file?.Dispose();
}
