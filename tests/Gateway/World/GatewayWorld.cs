using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Model;
using Slipway.Model.Resources;
using Slipway.Model.Serving;

namespace Slipway.Gateway.Tests.World;

/// <summary>A running gateway on ports of its own, a store and a directory to play the rest of the platform.</summary>
internal sealed class GatewayWorld : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private GatewayWorld(GatewaySettings settings, StoreInMemory store, DirectoryInMemory directory, GatewayServer gateway)
    {
        Settings = settings;
        Store = store;
        Directory = directory;
        Gateway = gateway;
    }

    public GatewaySettings Settings { get; }

    public StoreInMemory Store { get; }

    public DirectoryInMemory Directory { get; }

    public GatewayServer Gateway { get; }

    public IPEndPoint Plain => Gateway.PlainEndpoints[0];

    public static GatewayLimits QuickLimits { get; } = new() { SweepPeriod = TimeSpan.FromMilliseconds(25) };

    public static async Task<GatewayWorld> StartAsync(
        Func<GatewaySettings, GatewaySettings>? change = null,
        bool follow = true,
        int seed = 7,
        Func<string?, System.Security.Cryptography.X509Certificates.X509Certificate2?>? certificate = null)
    {
        var settings = new GatewaySettings { Plain = [new(IPAddress.Loopback, 0)], Limits = QuickLimits };
        settings = change?.Invoke(settings) ?? settings;
        var directory = new DirectoryInMemory();
        var store = new StoreInMemory();
        var gateway = new GatewayServer(settings, directory, directory, TimeProvider.System, NullLoggerFactory.Instance, certificate, seed);
        await gateway.StartAsync(CancellationToken.None);
        if (follow)
        {
            gateway.Follow(store);
        }

        return new GatewayWorld(settings, store, directory, gateway);
    }

    /// <summary>A service whose whole traffic goes to <c>{name}-00001</c>, and instances for it.</summary>
    public async Task ServeAsync(string name, params Upstream[] instances)
    {
        Route(name, (name + "-00001", 100, null));
        Directory.Publish(name + "-00001", ready: [.. instances.Select((instance, index) => ($"{name}-{index}", instance.Address))]);
        await RoutedAsync();
    }

    public void Route(string name, params (string Revision, int Percent, string? Tag)[] traffic)
    {
        foreach (var (revision, _, _) in traffic)
        {
            if (Store.Get(new ResourceKey(Kinds.Revision, "default", revision)) is null)
            {
                Revision(revision);
            }
        }

        var status = new RouteStatus
        {
            Traffic = [.. traffic.Select(one => new TrafficTarget { RevisionName = one.Revision, Percent = one.Percent, Tag = one.Tag })],
        };
        Store.Put(Resource.Of(Kinds.Route, Meta(name), "status", status, KindsJson.Default.RouteStatus));
    }

    public void Revision(string name, int? timeout = null, int? start = null, int? idle = null, bool affinity = false)
    {
        var spec = new TemplateSpec { TimeoutSeconds = timeout, ResponseStartTimeoutSeconds = start, IdleTimeoutSeconds = idle };
        var meta = Meta(name);
        if (affinity)
        {
            meta.Annotations = new() { ["run.googleapis.com/sessionAffinity"] = "true" };
        }

        Store.Put(Resource.Of(Kinds.Revision, meta, "spec", spec, KindsJson.Default.TemplateSpec));
    }

    public static ObjectMeta Meta(string name, string @namespace = "default") => new() { Name = name, Namespace = @namespace };

    /// <summary>Waits until the gateway routes by what the store holds now.</summary>
    public Task RoutedAsync() => UntilAsync(() => Gateway.RoutingVersion >= Store.Version);

    public async Task<ClientSocket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(Plain);
        return new ClientSocket(socket);
    }

    /// <summary>One request on a connection of its own.</summary>
    public async Task<Answer> GetAsync(string host, string path = "/", string extra = "", string method = "GET")
    {
        using var client = await ConnectAsync();
        await client.SendAsync($"{method} {path} HTTP/1.1\r\nHost: {host}\r\n{extra}\r\n");
        return await client.ReadAnswerAsync(method == "HEAD");
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!condition())
        {
            Assert.False(limit.IsCancellationRequested, "The awaited condition did not come true in time.");
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync() => await Gateway.DisposeAsync();
}

internal sealed class ClientSocket(Socket socket) : IDisposable
{
    private readonly LineReader _reader = new(new NetworkStream(socket));

    public Socket Socket => socket;

    public LineReader Reader => _reader;

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await socket.SendAsync(bytes);

    public async Task<Answer> ReadAnswerAsync(bool head = false)
    {
        var text = await _reader.ReadHeadAsync().WaitAsync(GatewayWorld.Patience) ?? throw new EndOfStreamException("The gateway closed the connection without an answer.");
        var answer = new Answer(text);
        if (head || answer.Status is 204 or 304 or < 200)
        {
            return answer;
        }

        if (answer.Field("Content-Length") is { } length)
        {
            answer.Body = Encoding.Latin1.GetString(await _reader.ReadExactlyAsync(int.Parse(length)).WaitAsync(GatewayWorld.Patience));
        }
        else if (answer.Field("Transfer-Encoding") == "chunked")
        {
            answer.Body = await ReadChunksAsync().WaitAsync(GatewayWorld.Patience);
        }
        else
        {
            answer.Body = await _reader.ReadToEndAsync().WaitAsync(GatewayWorld.Patience);
        }

        return answer;
    }

    /// <summary>True when the gateway closes the connection.</summary>
    public async Task<bool> IsClosedAsync() => (await _reader.ReadSomeAsync().WaitAsync(GatewayWorld.Patience)).Length == 0;

    public void Dispose() => socket.Dispose();

    private async Task<string> ReadChunksAsync()
    {
        var body = new StringBuilder();
        while (true)
        {
            var line = new StringBuilder();
            while (!line.ToString().EndsWith("\r\n", StringComparison.Ordinal))
            {
                line.Append((char)(await _reader.ReadExactlyAsync(1))[0]);
            }

            var size = Convert.ToInt32(line.ToString().Split(';')[0].Trim(), 16);
            if (size == 0)
            {
                Trailers = "";
                while (!Trailers.EndsWith("\r\n\r\n", StringComparison.Ordinal) && Trailers != "\r\n")
                {
                    Trailers += (char)(await _reader.ReadExactlyAsync(1))[0];
                }

                return body.ToString();
            }

            body.Append(Encoding.Latin1.GetString(await _reader.ReadExactlyAsync(size)));
            await _reader.ReadExactlyAsync(2);
        }
    }

    public string Trailers { get; private set; } = "";
}

internal sealed record Answer(string Head)
{
    public int Status => int.Parse(Head.AsSpan(9, 3));

    public string Body { get; set; } = "";

    public string? Field(string name) => Head.Split("\r\n").Skip(1)
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim()).FirstOrDefault();

    /// <summary>The stable code of a problem document.</summary>
    public string? Code => Field("Content-Type") == "application/problem+json"
        ? System.Text.Json.JsonDocument.Parse(Body).RootElement.GetProperty("code").GetString()
        : null;
}
