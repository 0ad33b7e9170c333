using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Slipway.Gateway.Tests.World;

/// <summary>An instance written down to the byte: each test says what it sends for which request.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<Socket, byte> _open = new();
    private readonly Func<UpstreamRequest, Task> _serve;
    private readonly Task _accepting;

    public Upstream(Func<UpstreamRequest, Task> serve)
    {
        _serve = serve;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        Address = (IPEndPoint)_listener.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    public IPEndPoint Address { get; }

    public ConcurrentQueue<UpstreamRequest> Requests { get; } = new();

    public int Connections;

    public static Upstream Answering(string body, string extra = "") =>
        new(request => request.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n{extra}\r\n{body}"));

    public void CloseConnections()
    {
        foreach (var socket in _open.Keys)
        {
            socket.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        CloseConnections();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync();
                Interlocked.Increment(ref Connections);
                _open.TryAdd(socket, 0);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            using var stream = new NetworkStream(socket, ownsSocket: true);
            var reader = new LineReader(stream);
            while (await reader.ReadHeadAsync() is { } head)
            {
                var request = new UpstreamRequest(head, stream, reader);
                Requests.Enqueue(request);
                if (!request.Chunked && request.Length is > 0 and <= 64 * 1024)
                {
                    request.Body = Encoding.Latin1.GetString(await reader.ReadExactlyAsync((int)request.Length));
                }

                await _serve(request);
                if (request.Closes)
                {
                    socket.Shutdown(SocketShutdown.Both);
                    break;
                }
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or EndOfStreamException)
        {
            // The gateway or the test closed it.
        }
        finally
        {
            _open.TryRemove(socket, out _);
        }
    }
}

internal sealed class UpstreamRequest(string head, NetworkStream stream, LineReader reader)
{
    public string Head => head;

    public string Line => head[..head.IndexOf('\r')];

    public string Body { get; set; } = "";

    public bool Closes { get; set; }

    public NetworkStream Stream => stream;

    public LineReader Reader => reader;

    public long Length => long.TryParse(Field("Content-Length"), out var length) ? length : 0;

    public bool Chunked => Field("Transfer-Encoding") == "chunked";

    public string? Field(string name) => head.Split("\r\n").Skip(1)
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim()).FirstOrDefault();

    public Task SendAsync(string text) => stream.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask();

    public Task OkAsync(string body = "ok", string extra = "") => SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n{extra}\r\n{body}");
}

/// <summary>Reads heads and exact lengths from a stream, keeping what came too early.</summary>
internal sealed class LineReader(Stream stream)
{
    private readonly byte[] _buffer = new byte[128 * 1024];
    private int _length;

    public async Task<string?> ReadHeadAsync()
    {
        while (true)
        {
            var end = _buffer.AsSpan(0, _length).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                return Encoding.Latin1.GetString(Take(end + 4));
            }

            if (!await MoreAsync())
            {
                return null;
            }
        }
    }

    public async Task<byte[]> ReadExactlyAsync(int count)
    {
        while (_length < count)
        {
            if (!await MoreAsync())
            {
                throw new EndOfStreamException();
            }
        }

        return Take(count);
    }

    /// <summary>Whatever is there, or the next piece; empty at the end.</summary>
    public async Task<byte[]> ReadSomeAsync() => _length > 0 || await MoreAsync() ? Take(_length) : [];

    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        while (await ReadSomeAsync() is { Length: > 0 } piece)
        {
            text.Append(Encoding.Latin1.GetString(piece));
        }

        return text.ToString();
    }

    private async Task<bool> MoreAsync()
    {
        try
        {
            var read = await stream.ReadAsync(_buffer.AsMemory(_length));
            _length += read;
            return read > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private byte[] Take(int count)
    {
        var taken = _buffer.AsSpan(0, count).ToArray();
        Buffer.BlockCopy(_buffer, count, _buffer, 0, _length - count);
        _length -= count;
        return taken;
    }
}
