using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Slipway.Overhead.Bench;

/// <summary>A process of its own that prints its address, answers every line with its processor time and its losses, and ends with its input.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;

    public Child(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (arguments[0] == "gateway")
        {
            // As the server sets it for itself.
            start.Environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1";
        }

        _process = Process.Start(start)!;
        Address = IPEndPoint.Parse(_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{arguments[0]} did not start."));
    }

    public IPEndPoint Address { get; }

    /// <summary>Processor time in microseconds, and spans that were dropped.</summary>
    public (double Micros, long Dropped) Read()
    {
        _process.StandardInput.WriteLine();
        var parts = _process.StandardOutput.ReadLine()!.Split(' ');
        return (double.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
