using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Slipway.Telemetry.Tests.Logs;

namespace Slipway.Telemetry.Tests.Loki;

public sealed class LokiTailTests
{
    private const string Path = "/loki/api/v1/tail?query=%7Bservice%3D%22orders%22%7D";

    [Fact]
    public async Task A_web_socket_gets_what_was_there_and_then_lines_as_they_come()
    {
        await using var scene = await LokiScene.OpenAsync();
        scene.Logs.Append(LogScene.Orders, "before");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(new Uri(scene.Http.BaseAddress!, Path)) { Scheme = "ws" }.Uri, patience.Token);
        Assert.Equal(["before"], await ReceiveAsync(socket, patience.Token));
        scene.Logs.Append(LogScene.Orders, "after");
        Assert.Equal(["after"], await ReceiveAsync(socket, patience.Token));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
        await Until.TrueAsync(() => scene.Logs.Store.Tailers == 0);
    }

    private static async Task<IReadOnlyList<string?>> ReceiveAsync(ClientWebSocket socket, CancellationToken cancellation)
    {
        var buffer = new byte[64 << 10];
        var received = await socket.ReceiveAsync(buffer, cancellation);
        var message = JsonDocument.Parse(buffer.AsMemory(0, received.Count)).RootElement;
        var stream = Assert.Single(message.GetProperty("streams").EnumerateArray());
        Assert.Equal("orders", stream.GetProperty("stream").GetProperty("service").GetString());
        return [.. stream.GetProperty("values").EnumerateArray().Select(value => value[1].GetString())];
    }

    [Fact]
    public async Task Whoever_asks_for_events_gets_events()
    {
        await using var scene = await LokiScene.OpenAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var request = new HttpRequestMessage(HttpMethod.Get, Path + "&limit=0");
        request.Headers.Accept.ParseAdd("text/event-stream");
        using (var response = await scene.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token))
        {
            Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(patience.Token), Encoding.UTF8);
            Assert.StartsWith(":", await reader.ReadLineAsync(patience.Token), StringComparison.Ordinal);
            scene.Logs.Append(LogScene.Cart, "not this");
            scene.Logs.Append(LogScene.Orders, "an event");
            string? line;
            do
            {
                line = await reader.ReadLineAsync(patience.Token);
            }
            while (line is not null && !line.StartsWith("data: ", StringComparison.Ordinal));
            var message = JsonDocument.Parse(line!["data: ".Length..]).RootElement;
            Assert.Equal("an event", message.GetProperty("streams")[0].GetProperty("values")[0][1].GetString());
        }

        await Until.TrueAsync(() => scene.Logs.Store.Tailers == 0);
    }
}
