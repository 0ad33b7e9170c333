using System.Net.WebSockets;
using System.Text.Json.Serialization;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, HelloJson.Default));

// An instance that is told to stop finishes what it has; the platform's own patience is usually longer than this.
builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(25));
builder.WebHost.UseUrls($"http://0.0.0.0:{Variable("PORT", "8080")}");
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);

var app = builder.Build();
var started = TimeProvider.System.GetTimestamp();
var ready = true;
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"{Variable("K_REVISION", "hello")} is listening on port {Variable("PORT", "8080")}"));
app.Lifetime.ApplicationStopping.Register(() => ready = false);
app.UseWebSockets();

app.MapGet("/", () => new Greeting($"{Variable("MESSAGE", "Hello")} from {Variable("K_REVISION", "nowhere")}", Variable("K_SERVICE", ""), Variable("K_REVISION", "")));

// Names only where values may be secret: everything that is not the platform's own or this sample's is hidden.
app.MapGet("/env", () => Environment.GetEnvironmentVariables().Keys.Cast<string>().Order(StringComparer.Ordinal)
    .ToDictionary(name => name, name => name is "PORT" or "MESSAGE" || name.StartsWith("K_", StringComparison.Ordinal) ? Variable(name, "") : "[hidden]"));

app.MapGet("/slow", async (int ms, CancellationToken cancellation) =>
{
    var milliseconds = Math.Clamp(ms, 0, 3_600_000);
    await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, cancellation);
    return new Waited(milliseconds);
});

app.MapGet("/size", async (long bytes, HttpResponse response, CancellationToken cancellation) =>
{
    var left = Math.Clamp(bytes, 0, 1L << 32);
    response.ContentType = "application/octet-stream";
    response.ContentLength = left;
    var chunk = new byte[64 * 1024];
    chunk.AsSpan().Fill((byte)'.');
    for (; left > 0; left -= Math.Min(left, chunk.Length))
    {
        await response.Body.WriteAsync(chunk.AsMemory(0, (int)Math.Min(left, chunk.Length)), cancellation);
    }
});

app.MapGet("/live", () => new Health("live", (long)TimeProvider.System.GetElapsedTime(started).TotalSeconds));
app.MapGet("/ready", () => ready
    ? Results.Json(new Health("ready", (long)TimeProvider.System.GetElapsedTime(started).TotalSeconds), HelloJson.Default.Health)
    : Results.Json(new Health("stopping", 0), HelloJson.Default.Health, statusCode: 503));

app.MapPost("/echo", async (HttpRequest request, HttpResponse response, CancellationToken cancellation) =>
{
    response.ContentType = request.ContentType ?? "application/octet-stream";
    await request.Body.CopyToAsync(response.Body, cancellation);
});

app.MapGet("/sse", async (HttpResponse response, CancellationToken cancellation, int count = 10, int everyMs = 1000) =>
{
    response.ContentType = "text/event-stream";
    response.Headers.CacheControl = "no-store";
    for (var number = 1; number <= Math.Clamp(count, 1, 100_000); number++)
    {
        await response.WriteAsync($"id: {number}\ndata: {number}\n\n", cancellation);
        await response.Body.FlushAsync(cancellation);
        await Task.Delay(TimeSpan.FromMilliseconds(Math.Clamp(everyMs, 0, 60_000)), TimeProvider.System, cancellation);
    }
});

app.Map("/ws", async (HttpContext context) =>
{
    if (!context.WebSockets.IsWebSocketRequest)
    {
        context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
        return;
    }

    using var socket = await context.WebSockets.AcceptWebSocketAsync();
    using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, app.Lifetime.ApplicationStopping);
    await EchoAsync(socket, stopping.Token);
});

await app.RunAsync();

static string Variable(string name, string otherwise) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : otherwise;

static async Task EchoAsync(WebSocket socket, CancellationToken stopping)
{
    var buffer = new byte[16 * 1024];
    try
    {
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), stopping);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, stopping);
        }
    }
    catch (OperationCanceledException)
    {
        // The peer left, or the instance is stopping; nobody is there to tell.
    }
    catch (WebSocketException)
    {
        // The peer vanished without closing.
    }
}

internal sealed record Greeting(string Message, string Service, string Revision);

internal sealed record Waited(int Milliseconds);

internal sealed record Health(string Status, long UptimeSeconds);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Greeting))]
[JsonSerializable(typeof(Waited))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class HelloJson : JsonSerializerContext;
