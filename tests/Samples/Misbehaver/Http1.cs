using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Slipway.Misbehaver;

/// <summary>Just enough HTTP/1.1 to be probed and called, without the start-up time of a web framework.</summary>
internal static class Http1
{
    public static async Task ServeAsync(int port, bool garbage, TaskCompletionSource<int> end)
    {
        using var listener = new TcpListener(IPAddress.Any, port);
        listener.Start();
        Console.WriteLine($"listening on {port}");
        while (true)
        {
            var client = await listener.AcceptTcpClientAsync();
            _ = Task.Run(() => AnswerAsync(client, garbage, end));
        }
    }

    private static async Task AnswerAsync(TcpClient client, bool garbage, TaskCompletionSource<int> end)
    {
        try
        {
            using (client)
            {
                await using var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.Latin1);
                while (await reader.ReadLineAsync() is { Length: > 0 } request)
                {
                    while (await reader.ReadLineAsync() is { Length: > 0 })
                    {
                    }

                    if (garbage)
                    {
                        await stream.WriteAsync("\u0001\u0002 this is no HTTP\r\n\r\n"u8.ToArray());
                        return;
                    }

                    var target = request.Split(' ').ElementAtOrDefault(1) ?? "/";
                    var parts = target.Split('?', 2);
                    var answer = await Answers.ToAsync(parts[0], parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
                    var body = Encoding.UTF8.GetBytes(answer.Body);
                    var head = $"HTTP/1.1 {answer.Status} X\r\nContent-Type: text/plain\r\nContent-Length: {body.Length}\r\n\r\n";
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(head).Concat(body).ToArray());
                    if (answer.ExitWith is { } code)
                    {
                        end.TrySetResult(code);
                    }
                }
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // The caller went away; so do we.
        }
    }
}
