using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Runtime.Endpoints;
using Yarp.ReverseProxy.Forwarder;

namespace Slipway.Gateway.Bench;

/// <summary>What is measured, each in a process of its own. It prints its address, answers every line with its figures and ends with its input.</summary>
internal static class Contenders
{
    private const string Snapshot = """
        {"version":1,"services":[{"namespace":"default","name":"bench","traffic":[{"revisionName":"bench-00001","percent":100}]}],"revisions":[{"namespace":"default","name":"bench-00001"}]}
        """;

    public static async Task<int> UpstreamAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1024);
        var answer = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1024\r\n\r\n" + new string('x', 1024));
        _ = AcceptAsync(listener, answer);
        return await ServeAsync((IPEndPoint)listener.LocalEndPoint!);
    }

    public static async Task<int> GatewayAsync(IPEndPoint upstream)
    {
        var snapshot = Path.GetTempFileName();
        await File.WriteAllTextAsync(snapshot, Snapshot);
        var directory = new EndpointDirectory();
        directory.Publish(new RevisionEndpoints(new RevisionKey("default", "bench-00001"), [new Endpoint("bench-0", upstream)], 0, false));
        await using var gateway = new GatewayServer(
            new GatewaySettings { Plain = [new IPEndPoint(IPAddress.Loopback, 0)], SnapshotPath = snapshot },
            directory, new Nobody(), TimeProvider.System, NullLoggerFactory.Instance);
        await gateway.StartAsync(CancellationToken.None);
        var code = await ServeAsync(gateway.PlainEndpoints[0]);
        File.Delete(snapshot);
        return code;
    }

    public static async Task<int> YarpAsync(IPEndPoint upstream)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddHttpForwarder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var application = builder.Build();
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });
        var forwarder = application.Services.GetRequiredService<IHttpForwarder>();
        var prefix = $"http://{upstream}";
        application.Run(async context => await forwarder.SendAsync(context, prefix, invoker));
        await application.StartAsync();
        return await ServeAsync(IPEndPoint.Parse(new Uri(application.Urls.First()).Authority));
    }

    private static async Task<int> ServeAsync(IPEndPoint address)
    {
        Console.WriteLine(address);
        while (await Console.In.ReadLineAsync() is not null)
        {
            Console.WriteLine($"{GC.GetTotalAllocatedBytes()} {Environment.CpuUsage.TotalTime.TotalMicroseconds:F0}");
        }

        return 0;
    }

    private static async Task AcceptAsync(Socket listener, byte[] answer)
    {
        while (true)
        {
            var socket = await listener.AcceptAsync();
            socket.NoDelay = true;
            _ = AnswerAsync(socket, answer);
        }
    }

    private static async Task AnswerAsync(Socket socket, byte[] answer)
    {
        var buffer = new byte[4096];
        var length = 0;
        try
        {
            while (true)
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(length), SocketFlags.None);
                if (read == 0)
                {
                    break;
                }

                length += read;
                if (buffer.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
                {
                    length = 0;
                    await socket.SendAsync(answer, SocketFlags.None);
                }
            }
        }
        catch (SocketException)
        {
            // The contender has closed the connection.
        }

        socket.Dispose();
    }

    private sealed class Nobody : IWakeUp
    {
        public void Wanted(RevisionKey revision)
        {
            // The one instance there is runs already.
        }
    }
}
