using System.Threading.Channels;

namespace Slipway.Sdk.Telemetry;

/// <summary>
/// Carries lines to standard output on a task of its own. A service never waits for whoever reads its output: when ten
/// thousand lines are waiting, further ones are dropped and counted.
/// </summary>
internal sealed class LogWriter(Func<Stream> open, int capacity = 10_000) : IAsyncDisposable
{
    private readonly Channel<byte[]> _lines = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Lock _gate = new();
    private Task? _writing;
    private long _dropped;

    public long Dropped => Interlocked.Read(ref _dropped);

    public void Write(byte[] line)
    {
        if (!_lines.Writer.TryWrite(line))
        {
            Interlocked.Increment(ref _dropped);
            return;
        }

        if (Volatile.Read(ref _writing) is null)
        {
            Begin();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        if (Volatile.Read(ref _writing) is { } writing)
        {
            await writing;
        }
    }

    private void Begin()
    {
        lock (_gate)
        {
            _writing ??= Task.Run(WriteAllAsync);
        }
    }

    private async Task WriteAllAsync()
    {
        await using var output = open();
        try
        {
            while (await _lines.Reader.WaitToReadAsync())
            {
                while (_lines.Reader.TryRead(out var line))
                {
                    await output.WriteAsync(line);
                }

                await output.FlushAsync();
            }
        }
        catch (IOException)
        {
            // Whoever read the output is gone. The queue fills up and what follows is counted as dropped.
        }
    }
}
