using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Slipway.Store.Installation;

namespace Slipway.Server.Logging;

/// <summary>
/// JSON lines into one rotating file, written by one background task. Callers never wait: when 10,000 lines are waiting
/// the newest are dropped, and the next line that fits says how many.
/// </summary>
internal sealed class FileLoggerProvider : ILoggerProvider
{
    private const int WaitingMax = 10_000;
    private const long SizeMax = 16 * 1024 * 1024;
    private const int Kept = 4;

    private readonly Channel<byte[]> _lines = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(WaitingMax) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly ConcurrentDictionary<string, FileLogger> _loggers = new(StringComparer.Ordinal);
    private readonly RotatingFile _file;
    private readonly TimeProvider _time;
    private readonly Task _writing;
    private long _dropped;

    public FileLoggerProvider(StateFolder folder, TimeProvider time)
    {
        Directory.CreateDirectory(folder.Logs);
        _file = new RotatingFile(folder.ServerLog, SizeMax, Kept);
        _time = time;
        _writing = Task.Run(WriteAsync);
    }

    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, category => new FileLogger(category, this));

    public void Dispose()
    {
        _lines.Writer.TryComplete();
        // The last lines are often the ones that explain why the process ends.
        _writing.Wait(TimeSpan.FromSeconds(2), CancellationToken.None);
        _file.Dispose();
    }

    internal void Write(string category, LogLevel level, EventId id, string message, Exception? error)
    {
        if (!_lines.Writer.TryWrite(Compose(category, level, id, message, error)))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    private byte[] Compose(string category, LogLevel level, EventId id, string message, Exception? error)
    {
        using var buffer = new MemoryStream(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("timestamp"u8, _time.GetUtcNow().UtcDateTime);
            writer.WriteString("level"u8, level.ToString());
            writer.WriteString("logger"u8, category);
            if (id.Id != 0)
            {
                writer.WriteNumber("event.id"u8, id.Id);
            }

            if (id.Name is not null)
            {
                writer.WriteString("event.name"u8, id.Name);
            }

            writer.WriteString("message"u8, message);
            if (error is not null)
            {
                writer.WriteString("error.type"u8, error.GetType().FullName);
                writer.WriteString("error.message"u8, error.ToString());
            }

            var dropped = Interlocked.Exchange(ref _dropped, 0);
            if (dropped > 0)
            {
                writer.WriteNumber("dropped_before"u8, dropped);
            }

            writer.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    private async Task WriteAsync()
    {
        await foreach (var line in _lines.Reader.ReadAllAsync())
        {
            try
            {
                _file.Write(line);
                if (!_lines.Reader.TryPeek(out _))
                {
                    _file.Flush();
                }
            }
            catch (IOException)
            {
                // A full disk must not take the server down; the lines of that time are lost and counted.
                Interlocked.Increment(ref _dropped);
            }
        }
    }

    private sealed class FileLogger(string category, FileLoggerProvider provider) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                provider.Write(category, logLevel, eventId, formatter(state, exception), exception);
            }
        }
    }
}
