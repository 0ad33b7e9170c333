namespace Slipway.Runtime.Logs;

/// <summary>The log of one instance while it is being written: two raw streams in, stamped lines out.</summary>
internal sealed class InstanceLog : IDisposable
{
    private readonly Lock _gate = new();
    private readonly LogSegments _segments;
    private readonly RawStream _output;
    private readonly RawStream _error;
    private readonly MemoryStream _lines = new();
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _sealed;

    public InstanceLog(string folder, LogLimits limits)
    {
        Folder = folder;
        _segments = new LogSegments(folder, limits);
        var (output, error) = _segments.Recover();
        _output = new RawStream(Path.Combine(folder, FileInstanceLogs.OutputFile), LogStream.Output, output, limits);
        _error = new RawStream(Path.Combine(folder, FileInstanceLogs.ErrorFile), LogStream.Error, error, limits);
    }

    public string Folder { get; }

    /// <summary>Completes at the next lines or the end. Take it before reading, then nothing is missed.</summary>
    public (Task News, bool Ended) Watch()
    {
        lock (_gate)
        {
            return (_news.Task, _sealed);
        }
    }

    /// <summary>Stores what was written since the last look; returns the bytes read.</summary>
    public int Look(DateTimeOffset now, int budget)
    {
        lock (_gate)
        {
            return _sealed ? 0 : Move(now, budget, last: false);
        }
    }

    /// <summary>Stores the rest and closes: the instance has ended.</summary>
    public void Seal(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_sealed)
            {
                return;
            }

            while (Move(now, int.MaxValue, last: true) > 0)
            {
            }

            _sealed = true;
            Dispose();
            _news.TrySetResult();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _sealed = true;
            _output.Dispose();
            _error.Dispose();
            _segments.Dispose();
            _lines.Dispose();
            _news.TrySetResult();
        }
    }

    private int Move(DateTimeOffset now, int budget, bool last)
    {
        var (output, error) = (_output.StoredUpTo, _error.StoredUpTo);
        _lines.SetLength(0);
        var read = _output.Read(_lines, now, budget, last);
        read += _error.Read(_lines, now, budget - read, last);
        if (_lines.Length > 0)
        {
            _segments.Append(_lines.GetBuffer().AsSpan(0, (int)_lines.Length), output, error);
            var news = _news;
            _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            news.SetResult();
        }

        _output.GiveBack();
        _error.GiveBack();
        return read;
    }
}
