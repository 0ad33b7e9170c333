using System.Net;
using System.Net.Sockets;

namespace Slipway.EndToEnd.Tests.Harness;

/// <summary>Ports for a cloud of its own, outside the range the kernel hands out and outside the one instances get.</summary>
internal static class Ports
{
    private const int First = 30_100;
    private const int Last = 32_500;
    private static readonly Lock s_lock = new();
    private static int s_next = First + Random.Shared.Next(Last - First);

    public static int Take()
    {
        lock (s_lock)
        {
            while (true)
            {
                s_next = s_next >= Last ? First : s_next + 1;
                if (IsFree(s_next))
                {
                    return s_next;
                }
            }
        }
    }

    public static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
