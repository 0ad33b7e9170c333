using System.Net;
using System.Net.Sockets;
using Slipway.Gateway.Forwarding;
using Slipway.Gateway.Messages;
using Slipway.Gateway.Refusals;
using Slipway.Gateway.Wires;

namespace Slipway.Gateway.Listening;

/// <summary>One client's HTTP/1.1 connection: reads heads, lets an <see cref="Exchange"/> serve each request in turn.</summary>
internal sealed class ClientConnection
{
    private static readonly TimeSpan s_linger = TimeSpan.FromSeconds(2);

    private readonly GatewayCore _core;
    private readonly Exchange _exchange;

    public ClientConnection(GatewayCore core, Transport transport, bool secure, byte[]? serviceHost = null)
    {
        _core = core;
        Wire = new Wire(transport);
        Secure = secure;
        ServiceHost = serviceHost;
        Peer = transport.Peer?.Address;
        PeerText = Hop.TextOf(Peer);
        PeerIsV6 = Peer is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false };
        _exchange = new Exchange(core, this);
    }

    public Wire Wire { get; }

    public bool Secure { get; }

    /// <summary>The host every request of this connection is routed by, when the port belongs to one service.</summary>
    public byte[]? ServiceHost { get; }

    public IPAddress? Peer { get; }

    public byte[] PeerText { get; }

    public bool PeerIsV6 { get; }

    public RequestHead Request { get; } = new();

    /// <summary>Limits what the client sends: heads, bodies, the pause between requests.</summary>
    public Deadline Receiving { get; } = new();

    /// <summary>True between two requests: closing the connection then interrupts nobody.</summary>
    public bool IsIdle => Volatile.Read(ref _idle);

    private bool _idle = true;
    private bool _served;
    private int _seen;
    private HeadError _error;

    /// <summary>Serves until the client leaves, something breaks or a request must go another way.</summary>
    public async Task<ConnectionEnd> RunAsync()
    {
        var end = ConnectionEnd.Closed;
        try
        {
            while (true)
            {
                // Reading a head is part of this loop rather than a method of its own: it waits on every request, and
                // each method that waits costs an allocation.
                var head = BeginHead();
                while (head == HeadOutcome.Incomplete)
                {
                    head = await Wire.ReadAsync(_seen < 2048 ? 1024 : 8192).ConfigureAwait(false) ? ContinueHead() : HeadOutcome.Closed;
                }

                if (head == HeadOutcome.Refused)
                {
                    await RefuseHeadAsync().ConfigureAwait(false);
                    break;
                }

                if (head != HeadOutcome.Read)
                {
                    SpeaksHttp2 = head == HeadOutcome.Http2;
                    end = SpeaksHttp2 ? ConnectionEnd.HandOver : ConnectionEnd.Closed;
                    break;
                }

                var keep = await _exchange.ServeAsync().ConfigureAwait(false);
                if (!keep)
                {
                    end = _exchange.HandsOver ? ConnectionEnd.HandOver : ConnectionEnd.Closed;
                    break;
                }
            }
        }
        catch (Exception gone) when (gone is SocketException or IOException or ObjectDisposedException)
        {
            // The client went away while we were writing to it; there is nobody to tell.
        }
        finally
        {
            Volatile.Write(ref _idle, false);
            if (end != ConnectionEnd.HandOver)
            {
                // Disposing a socket on which a receive is pending resets the connection, and what the client has not
                // taken yet would be lost with it. Saying goodbye first lets the kernel deliver the rest.
                Wire.Transport.FinishSending();
                Wire.Close();
            }
        }

        return end;
    }

    /// <summary>The connection began with the preface of HTTP/2.</summary>
    public bool SpeaksHttp2 { get; private set; }

    /// <summary>What was read and belongs to whoever serves the connection from here: a head that was parsed in vain, if there is one.</summary>
    public byte[] TakeUnserved()
    {
        Receiving.Reset();
        return _exchange.HandsOver ? Request.Bytes.ToArray() : [];
    }

    /// <summary>Called by the sweeper a few times a second.</summary>
    public void Sweep(long now)
    {
        switch (Receiving.Check(now))
        {
            case Wait.None:
                break;
            case Wait.Head when !_exchange.IsActive:
                _ = RefuseAndCutAsync();
                break;
            default:
                Wire.Transport.Abort();
                break;
        }

        _exchange.Sweep(now);
    }

    public void CloseIfIdle()
    {
        if (IsIdle && Wire.UnreadLength == 0)
        {
            Wire.Transport.FinishSending();
            Wire.Transport.Abort();
        }
    }

    public void Abort() => Wire.Transport.Abort();

    /// <summary>
    /// Ends a connection on which the client may still be sending: closing at once would make the kernel answer with a
    /// reset that can overtake the refusal on its way to the client.
    /// </summary>
    public async ValueTask LingerAsync()
    {
        Wire.Transport.FinishSending();
        if (!Receiving.Arm(Wait.KeepAlive, _core.After(s_linger)))
        {
            return;
        }

        for (var budget = 1024 * 1024; budget > 0;)
        {
            budget -= Math.Max(1, Wire.UnreadLength);
            Wire.Consume(Wire.UnreadLength);
            if (!await Wire.ReadAsync(Wires.Wire.SmallBuffer).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    private HeadOutcome BeginHead()
    {
        Receiving.Reset();
        Volatile.Write(ref _idle, true);
        if (_core.Stopping)
        {
            return HeadOutcome.Closed;
        }

        _seen = 0;
        var patience = Wire.UnreadLength == 0 && _served ? _core.Limits.KeepAliveTimeout : _core.Limits.HeadTimeout;
        _served = true;
        Receiving.Arm(Wire.UnreadLength == 0 ? Wait.KeepAlive : Wait.Head, _core.After(patience));
        return ContinueHead();
    }

    /// <summary>Looks at what has arrived so far.</summary>
    private HeadOutcome ContinueHead()
    {
        SkipEmptyLines();
        if (Wire.UnreadLength == 0)
        {
            return HeadOutcome.Incomplete;
        }

        if (_seen == 0)
        {
            Volatile.Write(ref _idle, false);
            if (Receiving.HasFired)
            {
                return HeadOutcome.Closed;
            }
        }

        var outcome = TryReadHead(_seen);
        if (outcome == HeadOutcome.Incomplete)
        {
            if (_seen == 0 && !Receiving.Arm(Wait.Head, _core.After(_core.Limits.HeadTimeout)))
            {
                return HeadOutcome.Closed;
            }

            _seen = Wire.UnreadLength;
        }

        return outcome;
    }

    private HeadOutcome TryReadHead(int seen)
    {
        var unread = Wire.Unread;
        var from = Math.Max(0, seen - 3);
        var end = unread[from..].IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            _error = unread.Length > MessageHead.BytesMax ? HeadError.TooLong : HasBareLineFeed(unread[from..]) ? HeadError.BareLineFeed : HeadError.None;
            return _error == HeadError.None ? HeadOutcome.Incomplete : HeadOutcome.Refused;
        }

        var length = from + end + 4;
        if (unread[..length].SequenceEqual("PRI * HTTP/2.0\r\n\r\n"u8))
        {
            // Prior knowledge: the preface stays unread for the server that understands it.
            return HeadOutcome.Http2;
        }

        _error = length > MessageHead.BytesMax ? HeadError.TooLong : Request.Read(unread[..length]);
        if (_error != HeadError.None)
        {
            return HeadOutcome.Refused;
        }

        if (!Receiving.Disarm())
        {
            return HeadOutcome.Closed;
        }

        Wire.Consume(length);
        return HeadOutcome.Read;
    }

    /// <summary>RFC 9112 2.2: empty lines before a request are ignored.</summary>
    private void SkipEmptyLines()
    {
        while (Wire.Unread.StartsWith("\r\n"u8))
        {
            Wire.Consume(2);
        }
    }

    private static bool HasBareLineFeed(ReadOnlySpan<byte> bytes)
    {
        for (var at = bytes.IndexOf((byte)'\n'); at >= 0;)
        {
            if (at > 0 && bytes[at - 1] != '\r')
            {
                return true;
            }

            var next = bytes[(at + 1)..].IndexOf((byte)'\n');
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }

    private async ValueTask RefuseHeadAsync()
    {
        Receiving.Disarm();
        var to = new OutBuffer();
        ProblemDocument.Write(to, KnownRefusals.Malformed(_error), null, "", close: true, head: false, "");
        await Wire.Transport.SendAsync(to.Memory).ConfigureAwait(false);
        await LingerAsync().ConfigureAwait(false);
    }

    private async Task RefuseAndCutAsync()
    {
        try
        {
            var to = new OutBuffer();
            ProblemDocument.Write(to, KnownRefusals.HeadTimeout, null, "", close: true, head: false, "");
            await Wire.Transport.SendAsync(to.Memory).AsTask().WaitAsync(s_linger, _core.Time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is SocketException or IOException or ObjectDisposedException or TimeoutException)
        {
            // A client that sends so slowly need not be listening either.
        }

        Wire.Transport.Abort();
    }

    private enum HeadOutcome
    {
        Incomplete,
        Read,
        Http2,
        Refused,
        Closed,
    }
}

internal enum ConnectionEnd
{
    Closed,

    /// <summary>The bytes that are left, and every later one, are for the server behind: HTTP/2, or a request this path does not serve.</summary>
    HandOver,
}
