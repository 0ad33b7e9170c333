using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Slipway.Gateway.Recording;

/// <summary>
/// One JSON line per request. Requests write into a buffer of fixed size, a writer of its own empties it into the file;
/// when the disk is slower than the traffic lines are dropped and counted, requests never wait.
/// </summary>
internal sealed class AccessLog : IAsyncDisposable
{
    private const int BufferBytes = 1024 * 1024;
    private const int LineMax = 4 * 1024;
    private const long FileBytesMax = 64 * 1024 * 1024;
    private const int FilesKept = 3;
    private static readonly TimeSpan s_flushEvery = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly string? _path;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private Task _writing = Task.CompletedTask;
    private IAccessLines? _reader;
    private byte[] _filling = [];
    private byte[] _emptying = [];
    private int _length;
    private long _dropped;
    private bool _complained;

    public AccessLog(string? path, TimeProvider time, ILogger logger)
    {
        _path = path;
        _time = time;
        _logger = logger;
        if (path is not null)
        {
            Begin();
        }
    }

    /// <summary>Hands every line to a reader as well, once and for good; also when no file is kept.</summary>
    public void Share(IAccessLines reader)
    {
        if (_reader is not null)
        {
            throw new InvalidOperationException("The lines of the access log go somewhere already.");
        }

        Volatile.Write(ref _reader, reader);
        if (_path is null)
        {
            Begin();
        }
    }

    public long Dropped => Interlocked.Read(ref _dropped);

    public void Add(in RequestRecord record)
    {
        if (_filling.Length == 0)
        {
            return;
        }

        Span<byte> line = stackalloc byte[LineMax];
        var writer = new LineWriter(line);
        Describe(ref writer, record);
        if (!writer.Fits)
        {
            Interlocked.Increment(ref _dropped);
            return;
        }

        lock (_lock)
        {
            if (_filling.Length - _length < writer.Length)
            {
                Interlocked.Increment(ref _dropped);
                return;
            }

            line[..writer.Length].CopyTo(_filling.AsSpan(_length));
            _length += writer.Length;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _writing.ConfigureAwait(false);
        _stop.Dispose();
    }

    private void Begin()
    {
        (_emptying, _filling) = (new byte[BufferBytes], new byte[BufferBytes]);
        _writing = WriteAsync();
    }

    private void Describe(ref LineWriter writer, in RequestRecord record)
    {
        writer.Raw("{\"timestamp\":\""u8);
        writer.Instant(_time.GetUtcNow());
        writer.Raw("\",\"event.name\":\"http.request\",\"http.request.method\":\""u8);
        writer.Escaped(record.Method);
        writer.Raw("\",\"server.address\":\""u8);
        writer.Escaped(record.Host);
        writer.Raw("\",\"url.path\":\""u8);
        writer.Escaped(record.Path.Length > 1024 ? record.Path[..1024] : record.Path);
        writer.Raw("\",\"network.protocol\":\""u8);
        writer.Text(record.Protocol);
        writer.Raw("\",\"http.response.status_code\":"u8);
        writer.Number(record.Status);
        writer.Field(",\"service.namespace\":"u8, record.Namespace);
        writer.Field(",\"service.name\":"u8, record.Service);
        writer.Field(",\"service.revision\":"u8, record.Revision);
        writer.Field(",\"instance.id\":"u8, record.Instance);
        writer.Field(",\"error.type\":"u8, record.Refusal);
        writer.Raw(",\"duration_ms\":"u8);
        writer.Milliseconds(record.Seconds);
        writer.Raw(",\"queue_ms\":"u8);
        writer.Milliseconds(record.QueueSeconds);
        writer.Raw(",\"request_bytes\":"u8);
        writer.Number(record.IngressBytes);
        writer.Raw(",\"response_bytes\":"u8);
        writer.Number(record.EgressBytes);
        writer.Raw(",\"attempts\":"u8);
        writer.Number(record.Attempts);
        writer.Raw(",\"client.address\":\""u8);
        writer.Address(record.Peer);
        writer.Raw("\",\"request_id\":\""u8);
        writer.Escaped(record.RequestId);
        writer.Raw("\",\"trace_id\":\""u8);
        writer.Escaped(record.TraceId);
        writer.Raw("\"}\n"u8);
    }

    private async Task WriteAsync()
    {
        using var timer = new PeriodicTimer(s_flushEvery, _time);
        var going = true;
        while (going)
        {
            try
            {
                going = await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                going = false;
            }

            await EmptyAsync().ConfigureAwait(false);
        }
    }

    private async Task EmptyAsync()
    {
        int length;
        lock (_lock)
        {
            (_filling, _emptying) = (_emptying, _filling);
            length = _length;
            _length = 0;
        }

        if (length == 0)
        {
            return;
        }

        Volatile.Read(ref _reader)?.Add(_emptying.AsSpan(0, length));
        if (_path is { } path)
        {
            await AppendAsync(path, length).ConfigureAwait(false);
        }
    }

    private async Task AppendAsync(string path, int length)
    {
        try
        {
            Rotate(path);
            var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            await using (file.ConfigureAwait(false))
            {
                await file.WriteAsync(_emptying.AsMemory(0, length), CancellationToken.None).ConfigureAwait(false);
            }

            _complained = false;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            Interlocked.Add(ref _dropped, _emptying.AsSpan(0, length).Count((byte)'\n'));
            if (!_complained)
            {
                _complained = true;
                GatewayLog.AccessLogFailed(_logger, failed);
            }
        }
    }

    private static void Rotate(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            file.Directory?.Create();
            return;
        }

        if (file.Length < FileBytesMax)
        {
            return;
        }

        for (var number = FilesKept - 1; number >= 1; number--)
        {
            if (File.Exists($"{path}.{number}"))
            {
                File.Move($"{path}.{number}", $"{path}.{number + 1}", overwrite: true);
            }
        }

        File.Move(path, $"{path}.1", overwrite: true);
    }
}
