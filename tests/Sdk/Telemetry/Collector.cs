using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Slipway.Sdk.Tests.Telemetry;

/// <summary>A collector that takes OTLP over real HTTP, or as gRPC, and keeps what it was sent.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<CollectedSpan> _spans = new();
    private readonly ConcurrentQueue<ProtobufMessage> _figures = new();
    private int _refusals;

    private Collector(bool grpc)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listener => listener.Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        _app = builder.Build();
        _app.Run(grpc ? CallAsync : PostAsync);
    }

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public IReadOnlyCollection<CollectedSpan> Spans => _spans;

    public IReadOnlyCollection<ProtobufMessage> Figures => _figures;

    /// <summary>The headers of the newest request.</summary>
    public IHeaderDictionary Headers { get; private set; } = new HeaderDictionary();

    /// <summary>How many requests are answered 503 from now on.</summary>
    public int Refusals { get => Volatile.Read(ref _refusals); set => Volatile.Write(ref _refusals, value); }

    public static async Task<Collector> StartAsync(bool grpc = false)
    {
        var collector = new Collector(grpc);
        await collector._app.StartAsync();
        return collector;
    }

    public async Task<CollectedSpan> SpanAsync(Func<CollectedSpan, bool> which)
    {
        await Eventually.TrueAsync(() => _spans.Any(which), "the span arrives");
        return _spans.First(which);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task PostAsync(HttpContext http)
    {
        var body = await BodyAsync(http);
        if (Interlocked.Decrement(ref _refusals) >= 0)
        {
            http.Response.StatusCode = 503;
            http.Response.Headers.RetryAfter = "0";
            return;
        }

        Headers = new HeaderDictionary(http.Request.Headers.ToDictionary(header => header.Key, header => header.Value));
        if (http.Request.Headers.ContentEncoding == "gzip")
        {
            body = Unzipped(body);
        }

        Take(http.Request.Path.Value!, body);
    }

    private async Task CallAsync(HttpContext http)
    {
        var framed = await BodyAsync(http);
        Assert.Equal((0, framed.Length - 5), (framed[0], System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(framed.AsSpan(1))));
        Assert.Equal(("application/grpc", "trailers"), (http.Request.ContentType, http.Request.Headers.TE.ToString()));
        Take(http.Request.Path.Value!, framed[5..]);
        http.Response.ContentType = "application/grpc";
        await http.Response.Body.WriteAsync(new byte[5]);
        http.Response.AppendTrailer("grpc-status", "0");
    }

    private void Take(string path, byte[] document)
    {
        foreach (var resource in ProtobufMessage.Read(document).Messages(1))
        {
            if (path.Contains("metrics", StringComparison.OrdinalIgnoreCase))
            {
                foreach (var metric in resource.Messages(2).SelectMany(scope => scope.Messages(2)))
                {
                    _figures.Enqueue(metric);
                }

                continue;
            }

            var shared = resource.Messages(1).Single().Attributes(1);
            foreach (var scope in resource.Messages(2))
            {
                foreach (var span in scope.Messages(2))
                {
                    _spans.Enqueue(new CollectedSpan(span, scope.Messages(1).Single().Text(1), shared));
                }
            }
        }
    }

    private static async Task<byte[]> BodyAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        return body.ToArray();
    }

    private static byte[] Unzipped(byte[] body)
    {
        using var zip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        zip.CopyTo(plain);
        return plain.ToArray();
    }
}

/// <summary>A span as it arrived.</summary>
internal sealed class CollectedSpan(ProtobufMessage span, string source, IReadOnlyDictionary<string, string> resource)
{
    public string Source => source;

    public IReadOnlyDictionary<string, string> Resource => resource;

    public string TraceId { get; } = Convert.ToHexStringLower(span.Bytes(1));

    public string Id { get; } = Convert.ToHexStringLower(span.Bytes(2));

    public string Parent { get; } = Convert.ToHexStringLower(span.Bytes(4));

    public string Name { get; } = span.Text(5);

    /// <summary>1 internal, 2 server, 3 client, 4 producer, 5 consumer.</summary>
    public long Kind { get; } = span.Number(6);

    public long Start { get; } = span.Number(7);

    public long End { get; } = span.Number(8);

    public IReadOnlyDictionary<string, string> Attributes { get; } = span.Attributes(9);

    /// <summary>Name and attributes.</summary>
    public IReadOnlyList<(string Name, IReadOnlyDictionary<string, string> Attributes)> Events { get; } =
        [.. span.Messages(11).Select(told => (told.Text(2), told.Attributes(3)))];

    public IReadOnlyList<string> Links { get; } = [.. span.Messages(13).Select(link => Convert.ToHexStringLower(link.Bytes(1)))];

    /// <summary>2 is an error.</summary>
    public long Status { get; } = span.Messages(15).FirstOrDefault()?.Number(3) ?? 0;

    public override string ToString() => $"{Name} {string.Join(' ', Attributes)} {string.Join(' ', Events.SelectMany(told => told.Attributes))}";
}
