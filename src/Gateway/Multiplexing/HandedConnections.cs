using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Slipway.Gateway.Multiplexing;

/// <summary>
/// Kestrel's transport that listens nowhere: connections come from the gateway's own listeners. Port 1 stands for
/// HTTP/1.1, port 2 for HTTP/2 with prior knowledge; nothing is ever bound to them.
/// </summary>
internal sealed class HandedConnections : IConnectionListenerFactory
{
    public const int Http1 = 1;
    public const int Http2 = 2;

    // Accepting is a loop without any waiting, so the channel holds a connection only for a moment; the bound on
    // connections is the listener's.
    private readonly ConcurrentDictionary<int, Channel<ConnectionContext>> _channels = new();

    public bool TryHand(HandedConnection connection, int port) => ChannelOf(port).Writer.TryWrite(connection);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IConnectionListener>(new Acceptor(endpoint, ChannelOf(((IPEndPoint)endpoint).Port)));

    private Channel<ConnectionContext> ChannelOf(int port) => _channels.GetOrAdd(port, static _ => Channel.CreateUnbounded<ConnectionContext>());

    private sealed class Acceptor(EndPoint endpoint, Channel<ConnectionContext> channel) : IConnectionListener
    {
        public EndPoint EndPoint => endpoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (await channel.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                if (channel.Reader.TryRead(out var connection))
                {
                    return connection;
                }
            }

            return null;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            channel.Writer.TryComplete();
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => UnbindAsync(CancellationToken.None);
    }
}
