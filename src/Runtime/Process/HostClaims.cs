using System.Net;
using System.Net.Sockets;

namespace Slipway.Runtime.Process;

/// <summary>
/// Numbers that one slipwayd of this host may use at a time, each for one instance: ports and users. A claim is an
/// abstract Unix socket named after the number: the kernel lets one process bind it and takes it away when that process
/// dies, so a claim cannot leak and needs no file. Freed numbers come last, when what clings to them has died out.
/// </summary>
/// <param name="start">Where in the range to begin; different for each state folder, so that neighbours seldom meet.</param>
internal sealed class HostClaims(string kind, int first, int count, int start, Func<int, bool> isFree) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Socket> _claims = [];
    private int _next = start % count;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _claims.Count;
            }
        }
    }

    /// <summary>
    /// Ports lie below the kernel's ephemeral range, so nobody is given one by chance; whoever listens there by intent is
    /// found by trying. The trial socket is closed again, because many programs refuse to share their port; until the
    /// instance listens it is the claim that keeps others away.
    /// </summary>
    public static HostClaims ForPorts(int first, int count, int start) => new("port", first, count, start, NobodyListens);

    public static HostClaims ForUsers(int first, int count, int start) => new("user", first, count, start, static _ => true);

    /// <summary>A free number, or null when the whole range is taken.</summary>
    public int? Take()
    {
        lock (_gate)
        {
            for (var tries = 0; tries < count; tries++)
            {
                var number = first + _next;
                _next = (_next + 1) % count;
                if (_claims.ContainsKey(number) || TryClaim(number) is not { } claim)
                {
                    continue;
                }

                if (isFree(number))
                {
                    _claims.Add(number, claim);
                    return number;
                }

                claim.Dispose();
            }

            return null;
        }
    }

    /// <summary>Claims what an adopted instance uses already.</summary>
    public void Retake(int number)
    {
        lock (_gate)
        {
            if (!_claims.ContainsKey(number) && TryClaim(number) is { } claim)
            {
                _claims.Add(number, claim);
            }
        }
    }

    public void Release(int? number)
    {
        lock (_gate)
        {
            if (number is { } taken && _claims.Remove(taken, out var claim))
            {
                claim.Dispose();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var claim in _claims.Values)
            {
                claim.Dispose();
            }

            _claims.Clear();
        }
    }

    private static bool NobodyListens(int port)
    {
        try
        {
            if (Socket.OSSupportsIPv6)
            {
                using var both = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true, ExclusiveAddressUse = true };
                both.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
            }
            else
            {
                using var four = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ExclusiveAddressUse = true };
                four.Bind(new IPEndPoint(IPAddress.Any, port));
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private Socket? TryClaim(int number)
    {
        var claim = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            claim.Bind(new UnixDomainSocketEndPoint($"\0slipway-{kind}-{number}"));
            return claim;
        }
        catch (SocketException)
        {
            claim.Dispose();
            return null;
        }
    }
}
