using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Slipway.Gateway.Bench;

/// <summary>A process that is measured. Ours tell their figures; others are only asked for answers.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process? _process;
    private readonly bool _tells;

    private Child(Process? process, IPEndPoint address, bool tells)
    {
        _process = process;
        _tells = tells;
        Address = address;
    }

    public IPEndPoint Address { get; }

    public static Child Alias(IPEndPoint address) => new(null, address, tells: false);

    public static Child Self(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (arguments[0] != "yarp")
        {
            // Plain YARP is measured as people run it.
            start.Environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1";
        }

        var process = Process.Start(start)!;
        return new Child(process, IPEndPoint.Parse(process.StandardOutput.ReadLine()!), tells: true);
    }

    public static Child Other(string path, int port, string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(path, arguments))!;
        var address = new IPEndPoint(IPAddress.Loopback, port);
        while (!Answers(address))
        {
            if (process.WaitForExit(TimeSpan.FromMilliseconds(20)))
            {
                throw new InvalidOperationException($"{path} ended with exit code {process.ExitCode}.");
            }
        }

        return new Child(process, address, tells: false);
    }

    public (long Bytes, long Micros) Read()
    {
        if (!_tells)
        {
            return default;
        }

        _process!.StandardInput.WriteLine();
        var parts = _process.StandardOutput.ReadLine()!.Split(' ');
        return (long.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        if (_process is null)
        {
            return;
        }

        if (_tells)
        {
            _process.StandardInput.Close();
        }
        else
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.WaitForExit();
        _process.Dispose();
    }

    private static bool Answers(IPEndPoint address)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(address);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
