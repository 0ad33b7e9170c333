using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Slipway.Sdk.Bench;

/// <summary>A published program that answers "hello" on PORT, started anew for each measurement.</summary>
/// <param name="collector">Where it sends its spans; null when nobody collects any.</param>
internal sealed class Contender(string name, string folder, string program, string? collector = null)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);
    private static readonly byte[] s_request = "GET / HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n"u8.ToArray();

    private readonly List<double> _starts = [];
    private readonly List<double> _work = [];

    public string Name => name;

    /// <summary>The same program with a collector to send to.</summary>
    public Contender With(string otherName, string address) => new(otherName, folder, program, address);

    public double Median => At(0.5);

    /// <summary>Processor time until the first answer: what remains comparable on a machine with other things to do.</summary>
    public double MedianWork => At(_work, 0.5);

    public double At(double quantile) => At(_starts, quantile);

    /// <summary>From spawning the process to the first byte of its first good answer.</summary>
    public async Task StartOnceAsync(bool counts)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, program)]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PORT"] = $"{port}";
        start.Environment["HOST"] = "127.0.0.1";
        start.Environment["DOTNET_TieredPGO"] = "0";
        if (collector is not null)
        {
            start.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector;
        }

        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{name} does not start.");
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            while (!await AnswersAsync(port))
            {
                if (process.HasExited || Stopwatch.GetElapsedTime(began) > s_limit)
                {
                    throw new InvalidOperationException($"{name} did not answer.");
                }
            }

            if (counts)
            {
                _starts.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                process.Refresh();
                _work.Add(process.TotalProcessorTime.TotalMilliseconds);
            }
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            await socket.SendAsync(s_request);
            var answer = new byte[64];
            var length = await socket.ReceiveAsync(answer);
            return Encoding.ASCII.GetString(answer, 0, length).StartsWith("HTTP/1.1 200", StringComparison.Ordinal);
        }
        catch (SocketException)
        {
            // Refused until it listens; a short breath leaves the processor to the starting program.
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            return false;
        }
    }

    private static double At(List<double> values, double quantile)
    {
        var sorted = values.Order().ToList();
        return sorted[Math.Min(sorted.Count - 1, (int)(quantile * sorted.Count))];
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
