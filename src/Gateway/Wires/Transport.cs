using System.Net;
using System.Net.Sockets;

namespace Slipway.Gateway.Wires;

/// <summary>Bytes in and out of one peer. Reading and writing may overlap; two reads or two writes may not.</summary>
internal abstract class Transport
{
    public abstract IPEndPoint? Peer { get; }

    /// <summary>Zero at the end of the stream; an <see cref="IOException"/> or <see cref="SocketException"/> when it broke.</summary>
    public abstract ValueTask<int> ReceiveAsync(Memory<byte> into);

    /// <summary>Completes when everything was handed to the kernel.</summary>
    public abstract ValueTask SendAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>Says politely that nothing more will be sent; reading goes on.</summary>
    public abstract void FinishSending();

    /// <summary>Closes at once from any thread. Pending operations fail.</summary>
    public abstract void Abort();
}

internal sealed class SocketTransport(Socket socket, IPEndPoint? peer) : Transport
{
    public override IPEndPoint? Peer => peer;

    public override ValueTask<int> ReceiveAsync(Memory<byte> into) => socket.ReceiveAsync(into, SocketFlags.None, CancellationToken.None);

    public override ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        var sending = socket.SendAsync(bytes, SocketFlags.None, CancellationToken.None);
        if (sending.IsCompletedSuccessfully)
        {
            var sent = sending.Result;
            return sent == bytes.Length ? ValueTask.CompletedTask : SendRestAsync(bytes[sent..]);
        }

        return FinishAsync(sending, bytes);
    }

    public override void FinishSending()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The peer closed first; there is nobody left to be polite to.
        }
    }

    public override void Abort() => socket.Dispose();

    private async ValueTask FinishAsync(ValueTask<int> sending, ReadOnlyMemory<byte> bytes)
    {
        var sent = await sending.ConfigureAwait(false);
        if (sent < bytes.Length)
        {
            await SendRestAsync(bytes[sent..]).ConfigureAwait(false);
        }
    }

    private async ValueTask SendRestAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, CancellationToken.None).ConfigureAwait(false)..];
        }
    }
}

/// <summary>TLS, or any other stream over a socket.</summary>
internal sealed class StreamTransport(Stream stream, Socket socket, IPEndPoint? peer) : Transport
{
    public override IPEndPoint? Peer => peer;

    public override ValueTask<int> ReceiveAsync(Memory<byte> into) => stream.ReadAsync(into, CancellationToken.None);

    public override ValueTask SendAsync(ReadOnlyMemory<byte> bytes) => stream.WriteAsync(bytes, CancellationToken.None);

    public override void FinishSending()
    {
        if (stream is System.Net.Security.SslStream secure)
        {
            // The alert is small: nearly always the kernel takes it at once, and the half-close follows before anybody closes.
            _ = CloseSecurelyAsync(secure);
        }
    }

    /// <summary>Closing the socket is enough: the stream's buffers go with it, and disposing a stream in use is not safe.</summary>
    public override void Abort() => socket.Dispose();

    private async Task CloseSecurelyAsync(System.Net.Security.SslStream secure)
    {
        try
        {
            await secure.ShutdownAsync().ConfigureAwait(false);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The peer closed first.
        }
    }
}
