using System.Net;
using System.Net.Sockets;
using Slipway.Gateway.Wires;

namespace Slipway.Gateway.Forwarding;

/// <summary>One connection to an instance; requests use it one after the other.</summary>
internal sealed class UpstreamConnection(Socket socket, int generation)
{
    private readonly Socket _socket = socket;

    public Wire Wire { get; } = new(new SocketTransport(socket, null));

    public int Generation { get; } = generation;

    /// <summary>Whether an answer was read on it before: only then may a failure mean that it had grown stale.</summary>
    public bool WasUsed { get; set; }

    public long IdleSince { get; set; }

    public static UpstreamConnection Create(IPEndPoint address, int generation)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        return new UpstreamConnection(socket, generation);
    }

    public ValueTask ConnectAsync(IPEndPoint address) => _socket.ConnectAsync(address, CancellationToken.None);

    /// <summary>From any thread; whoever uses the connection sees its operations fail.</summary>
    public void Abort() => _socket.Dispose();

    public void Close() => Wire.Close();
}
