namespace Slipway.Runtime.Logs;

/// <summary>Reads the files of one log from a position on. It may be slower than the writer: what was rotated away meanwhile is skipped.</summary>
internal sealed class LogReader(string folder)
{
    private int _number;
    private long _position;

    /// <summary>Every complete line after the last one returned.</summary>
    public IEnumerable<LogLine> ReadOn()
    {
        while (true)
        {
            var numbers = LogSegments.Numbers(folder);
            if (numbers.Count == 0)
            {
                yield break;
            }

            if (_number < numbers[0])
            {
                (_number, _position) = (numbers[0], 0);
            }

            // Whether a newer file exists is asked before reading: only then is this one complete.
            var complete = numbers[^1] > _number;
            foreach (var line in ReadFile(_number))
            {
                yield return line;
            }

            if (!complete)
            {
                yield break;
            }

            (_number, _position) = (_number + 1, 0);
        }
    }

    /// <summary>The last lines, and positions the reader behind them.</summary>
    public IReadOnlyList<LogLine> ReadTail(int count, DateTimeOffset? since)
    {
        var numbers = LogSegments.Numbers(folder);
        var parts = new Stack<Queue<LogLine>>();
        var found = 0;
        var end = 0L;
        for (var i = numbers.Count - 1; i >= 0 && (found < count || i == numbers.Count - 1); i--)
        {
            _position = 0;
            var lines = new Queue<LogLine>();
            foreach (var line in ReadFile(numbers[i]))
            {
                // Even for no lines at all the file is read to its end: that is where reading goes on.
                if (line.At < since)
                {
                    continue;
                }

                lines.Enqueue(line);
                if (lines.Count > count - found)
                {
                    lines.Dequeue();
                }
            }

            parts.Push(lines);
            found += lines.Count;
            if (i == numbers.Count - 1)
            {
                (_number, end) = (numbers[i], _position);
            }
        }

        _position = end;
        return [.. parts.SelectMany(part => part)];
    }

    private IEnumerable<LogLine> ReadFile(int number)
    {
        FileStream file;
        try
        {
            file = new FileStream(LogSegments.PathOf(folder, number), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            yield break;
        }

        using (file)
        {
            var buffer = new byte[64 << 10];
            var held = 0;
            file.Position = _position;
            while (true)
            {
                var read = file.Read(buffer, held, buffer.Length - held);
                if (read == 0)
                {
                    yield break;
                }

                held += read;
                var start = 0;
                while (true)
                {
                    var end = Array.IndexOf(buffer, (byte)'\n', start, held - start);
                    if (end < 0)
                    {
                        break;
                    }

                    _position += end + 1 - start;
                    var good = LogFormat.TryParse(buffer.AsSpan(start, end - start), out var stored);
                    start = end + 1;
                    if (good)
                    {
                        yield return stored.Line;
                    }
                }

                held -= start;
                Array.Copy(buffer, start, buffer, 0, held);
                if (held == buffer.Length)
                {
                    Array.Resize(ref buffer, buffer.Length * 2);
                }
            }
        }
    }
}
