using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Slipway.Gateway.Forwarding;
using Slipway.Gateway.Multiplexing;
using Slipway.Gateway.Refusals;
using Slipway.Gateway.Wires;

namespace Slipway.Gateway.Listening;

/// <summary>Accepts connections, keeps them within their bounds, looks at their deadlines and ends them in order.</summary>
internal sealed class Listener(GatewayCore core, MultiplexServer multiplexer) : IAsyncDisposable
{
    private static readonly TimeSpan s_acceptAgain = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<ClientConnection, byte> _connections = new();
    private readonly ConcurrentDictionary<IPAddress, int> _perAddress = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _accepting = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _sweeping = Task.CompletedTask;
    private readonly Handshakes _handshakes = new(core);
    private int _open;
    private TaskCompletionSource? _empty;

    public int Open => Volatile.Read(ref _open);

    /// <summary>Where it really listens: port 0 in the settings becomes a port the system chose.</summary>
    public IReadOnlyList<IPEndPoint> Plain { get; private set; } = [];

    public IReadOnlyList<IPEndPoint> Secure { get; private set; } = [];

    public IReadOnlyList<IPEndPoint> Services { get; private set; } = [];

    public void Start()
    {
        Plain = [.. core.Settings.Plain.Select(address => Listen(address, secure: false))];
        Services = [.. core.Settings.ServicePorts.Select(port => Listen(port.Endpoint, secure: false, port.Host))];
        Secure = [.. core.Settings.Secure.Select(address => Listen(address, secure: true))];
        _sweeping = SweepAsync();
    }

    /// <summary>Takes no more connections; those that are open end with their present request. False when the limit cut some.</summary>
    public async Task<bool> StopAsync(TimeSpan drain)
    {
        core.Stopping = true;
        await CloseSocketsAsync().ConfigureAwait(false);
        _empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var connection in _connections.Keys)
        {
            connection.CloseIfIdle();
        }

        using var limit = new CancellationTokenSource(drain, core.Time);
        await multiplexer.StopAsync(limit.Token).ConfigureAwait(false);
        var drained = true;
        if (Open > 0)
        {
            try
            {
                await _empty.Task.WaitAsync(drain, core.Time, CancellationToken.None).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                drained = false;
                var cut = Open;
                GatewayLog.DrainCut(core.Logger, cut);
                foreach (var connection in _connections.Keys)
                {
                    connection.Abort();
                }
            }
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await _sweeping.ConfigureAwait(false);
        return drained;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await CloseSocketsAsync().ConfigureAwait(false);
        await _sweeping.ConfigureAwait(false);
        foreach (var connection in _connections.Keys)
        {
            connection.Abort();
        }

        _stop.Dispose();
    }

    private IPEndPoint Listen(IPEndPoint address, bool secure, string? service = null)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && address.Address.Equals(IPAddress.IPv6Any))
        {
            socket.DualMode = true;
        }

        socket.Bind(address);
        socket.Listen(4096);
        _sockets.Add(socket);
        _accepting.Add(AcceptAsync(socket, secure, service is null ? null : Encoding.Latin1.GetBytes(service)));
        var bound = (IPEndPoint)socket.LocalEndPoint!;
        GatewayLog.Listening(core.Logger, bound, secure ? "https" : "http");
        return bound;
    }

    private async Task CloseSocketsAsync()
    {
        _sockets.ForEach(static socket => socket.Dispose());
        await Task.WhenAll(_accepting).ConfigureAwait(false);
    }

    private async Task AcceptAsync(Socket listening, bool secure, byte[]? service)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await listening.AcceptAsync(CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception closed) when (closed is ObjectDisposedException || (closed is SocketException && core.Stopping))
            {
                return;
            }
            catch (SocketException trouble)
            {
                if (_stop.IsCancellationRequested)
                {
                    return;
                }

                // Out of descriptors, most likely: give those in use a moment to come back.
                GatewayLog.AcceptFailed(core.Logger, trouble);
                await Task.Delay(s_acceptAgain, core.Time, CancellationToken.None).ConfigureAwait(false);
                continue;
            }

            _ = ServeAsync(socket, secure, service);
        }
    }

    private async Task ServeAsync(Socket socket, bool secure, byte[]? service)
    {
        IPEndPoint? peer;
        try
        {
            peer = socket.RemoteEndPoint as IPEndPoint;
            socket.NoDelay = true;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            socket.Dispose();
            return;
        }

        var address = peer?.Address ?? IPAddress.None;
        var fromHere = _perAddress.AddOrUpdate(address, 1, static (_, count) => count + 1);
        var open = Interlocked.Increment(ref _open);
        try
        {
            if (open > core.Limits.ConnectionsMax || fromHere > core.Limits.ConnectionsPerAddressMax)
            {
                await RefuseAsync(socket, secure).ConfigureAwait(false);
                return;
            }

            Transport transport = new SocketTransport(socket, peer);
            var http2 = false;
            if (secure)
            {
                if (await _handshakes.SecureAsync(socket, peer).ConfigureAwait(false) is not { } secured)
                {
                    return;
                }

                (transport, http2) = secured;
            }

            await ServeAsync(new ClientConnection(core, transport, secure, service), http2).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // One connection's defect must not become everyone's.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            GatewayLog.ConnectionFailed(core.Logger, defect);
        }
        finally
        {
            socket.Dispose();
            if (_perAddress.AddOrUpdate(address, 0, static (_, count) => count - 1) <= 0)
            {
                _perAddress.TryRemove(new KeyValuePair<IPAddress, int>(address, 0));
            }

            if (Interlocked.Decrement(ref _open) == 0)
            {
                _empty?.TrySetResult();
            }
        }
    }

    private async Task ServeAsync(ClientConnection connection, bool http2)
    {
        _connections.TryAdd(connection, 0);
        try
        {
            if (!http2)
            {
                if (await connection.RunAsync().ConfigureAwait(false) != ConnectionEnd.HandOver)
                {
                    return;
                }

                http2 = connection.SpeaksHttp2;
            }

            await multiplexer.ServeAsync(connection.Wire, connection.TakeUnserved(), connection.Secure, http2, connection.ServiceHost).ConfigureAwait(false);
            connection.Wire.Close();
        }
        finally
        {
            _connections.TryRemove(connection, out _);
        }
    }

    private static async Task RefuseAsync(Socket socket, bool secure)
    {
        if (secure)
        {
            // Without a handshake there is no way to say why.
            return;
        }

        var to = new OutBuffer();
        ProblemDocument.Write(to, KnownRefusals.TooManyConnections, null, "", close: true, head: false, "");
        await socket.SendAsync(to.Memory, SocketFlags.None, CancellationToken.None).ConfigureAwait(false);
        socket.Shutdown(SocketShutdown.Send);
    }

    private async Task SweepAsync()
    {
        using var timer = new PeriodicTimer(core.Limits.SweepPeriod, core.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                var now = core.Now;
                foreach (var (connection, _) in _connections)
                {
                    connection.Sweep(now);
                    if (core.Stopping)
                    {
                        connection.CloseIfIdle();
                    }
                }

                core.Book.Tidy();
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }
}
