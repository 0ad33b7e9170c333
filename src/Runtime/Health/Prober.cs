using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Slipway.Runtime.Instances;

namespace Slipway.Runtime.Health;

/// <param name="Detail">Why it failed, in words for a condition.</param>
internal readonly record struct ProbeResult(bool Success, string? Detail)
{
    public static ProbeResult Passed { get; } = new(true, null);

    public static ProbeResult Failed(string detail) => new(false, detail);
}

/// <summary>Makes one try of one probe. Stateless but for the connections it deliberately does not keep.</summary>
internal sealed class Prober : IDisposable
{
    private static readonly MediaTypeHeaderValue s_grpc = new("application/grpc");
    private readonly IInstanceDriver _driver;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    public Prober(IInstanceDriver driver, TimeProvider time)
    {
        _driver = driver;
        _time = time;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            // A probe asks whether a new connection is answered, and a kept one would survive freezing as a half-dead one.
            PooledConnectionLifetime = TimeSpan.Zero,
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,

#pragma warning disable CA5359 // The certificate of an instance names somebody else; no secret is sent, and its health does not depend on it.
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
#pragma warning restore CA5359
        });
    }

    public async Task<ProbeResult> TryAsync(InstanceState instance, InstanceProbe probe, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(probe.Timeout, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            return probe.Handler switch
            {
                ProbeHandler.Tcp => await ConnectAsync(AddressOf(instance, probe), limit.Token).ConfigureAwait(false),
                ProbeHandler.Http => await GetAsync(instance, probe, limit.Token).ConfigureAwait(false),
                ProbeHandler.Grpc => await AskGrpcAsync(instance, probe, limit.Token).ConfigureAwait(false),
                _ => await ExecuteAsync(instance, probe, cancellation).ConfigureAwait(false),
            };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return ProbeResult.Failed($"The {Name(probe)} probe got no answer within {probe.Timeout.TotalSeconds:0.###} s.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException)
        {
            // A try that is cut off may fail in any way; it says nothing about the instance.
            cancellation.ThrowIfCancellationRequested();
            return ProbeResult.Failed($"The {Name(probe)} probe failed: {exception.Message}");
        }
    }

    public void Dispose() => _http.Dispose();

    private static string Name(InstanceProbe probe) => probe.Handler switch
    {
        ProbeHandler.Tcp => "TCP",
        ProbeHandler.Http => "HTTP",
        ProbeHandler.Grpc => "gRPC",
        _ => "exec",
    };

    private static IPEndPoint AddressOf(InstanceState instance, InstanceProbe probe)
    {
        var host = instance.Address?.Address ?? IPAddress.Loopback;
        return new IPEndPoint(host, probe.Port > 0 ? probe.Port : instance.Address?.Port ?? 0);
    }

    /// <summary>Refusals are the normal answer while something starts, so they are told without an exception.</summary>
    private static async Task<ProbeResult> ConnectAsync(IPEndPoint address, CancellationToken cancellation)
    {
        if (address.Port == 0)
        {
            return ProbeResult.Failed("The probe names no port and the instance serves none.");
        }

        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var attempt = new Connection { RemoteEndPoint = address };
        if (socket.ConnectAsync(attempt))
        {
            await using var cancelling = cancellation.Register(static args => Socket.CancelConnectAsync((SocketAsyncEventArgs)args!), attempt).ConfigureAwait(false);
            await attempt.Done.Task.ConfigureAwait(false);
        }

        cancellation.ThrowIfCancellationRequested();
        return attempt.SocketError == SocketError.Success
            ? ProbeResult.Passed
            : ProbeResult.Failed($"Nobody listens on port {address.Port} yet ({attempt.SocketError}).");
    }

    private async Task<ProbeResult> GetAsync(InstanceState instance, InstanceProbe probe, CancellationToken cancellation)
    {
        var address = AddressOf(instance, probe);
        if (await ConnectAsync(address, cancellation).ConfigureAwait(false) is { Success: false } refused)
        {
            return refused;
        }

        if (!instance.Spec.Http2 || probe.Port > 0)
        {
            return await GetAsync(address, probe, HttpVersion.Version11, cancellation).ConfigureAwait(false);
        }

        try
        {
            return await GetAsync(address, probe, HttpVersion.Version20, cancellation).ConfigureAwait(false);
        }
        catch (HttpRequestException)
        {
            // A server may take both on one port and answer probes over HTTP/1.1 only.
            return await GetAsync(address, probe, HttpVersion.Version11, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<ProbeResult> GetAsync(IPEndPoint address, InstanceProbe probe, Version version, CancellationToken cancellation)
    {
        var path = probe.Path.StartsWith('/') ? probe.Path : $"/{probe.Path}";
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{probe.Scheme.ToLowerInvariant()}://{address}{path}")
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TryAddWithoutValidation("User-Agent", "kube-probe/1.31");
        request.Headers.TryAddWithoutValidation("K-Kubelet-Probe", "queue");
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        request.Headers.ConnectionClose = version == HttpVersion.Version11 ? true : null;
        foreach (var (name, value) in probe.Headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request, cancellation).ConfigureAwait(false);
        var status = (int)response.StatusCode;
        return status is >= 200 and < 400
            ? ProbeResult.Passed
            : ProbeResult.Failed($"The HTTP probe of {path} answered {status.ToString(CultureInfo.InvariantCulture)}.");
    }

    private async Task<ProbeResult> AskGrpcAsync(InstanceState instance, InstanceProbe probe, CancellationToken cancellation)
    {
        var address = AddressOf(instance, probe);
        if (await ConnectAsync(address, cancellation).ConfigureAwait(false) is { Success: false } refused)
        {
            return refused;
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{address}/grpc.health.v1.Health/Check")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(GrpcHealth.Request(probe.GrpcService)),
        };
        request.Content.Headers.ContentType = s_grpc;
        request.Headers.TryAddWithoutValidation("User-Agent", "kube-probe/1.31");
        request.Headers.TryAddWithoutValidation("TE", "trailers");
        using var response = await _http.SendAsync(request, cancellation).ConfigureAwait(false);
        var body = await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
        var status = response.TrailingHeaders.TryGetValues("grpc-status", out var trailing) ? trailing.First()
            : response.Headers.TryGetValues("grpc-status", out var leading) ? leading.First()
            : "none";
        return status != "0"
            ? ProbeResult.Failed($"The gRPC probe answered with grpc-status {status}.")
            : GrpcHealth.IsServing(body) ? ProbeResult.Passed : ProbeResult.Failed("The gRPC probe answered that it is not serving.");
    }

    private async Task<ProbeResult> ExecuteAsync(InstanceState instance, InstanceProbe probe, CancellationToken cancellation)
    {
        var result = await _driver.ExecuteAsync(instance.Id, probe.Command, probe.Timeout, cancellation).ConfigureAwait(false);
        return !result.Succeeded ? ProbeResult.Failed($"The exec probe failed: {result.Failure!.Detail}")
            : result.Value == 0 ? ProbeResult.Passed
            : ProbeResult.Failed($"The exec probe ended with code {result.Value}.");
    }

    private sealed class Connection : SocketAsyncEventArgs
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override void OnCompleted(SocketAsyncEventArgs e) => Done.TrySetResult();
    }
}

/// <summary>The two messages of <c>grpc.health.v1</c>, by hand: a protobuf library for seven bytes would be a joke.</summary>
internal static class GrpcHealth
{
    /// <summary>A frame with <c>HealthCheckRequest { service = 1 }</c>.</summary>
    public static byte[] Request(string service)
    {
        var name = Encoding.UTF8.GetBytes(service);
        var message = new List<byte>();
        if (name.Length > 0)
        {
            message.Add(0x0a);
            var length = name.Length;
            for (; length > 0x7f; length >>= 7)
            {
                message.Add((byte)(length | 0x80));
            }

            message.Add((byte)length);
            message.AddRange(name);
        }

        return [0, (byte)(message.Count >> 24), (byte)(message.Count >> 16), (byte)(message.Count >> 8), (byte)message.Count, .. message];
    }

    /// <summary>Whether the frame holds <c>HealthCheckResponse { status = SERVING }</c>.</summary>
    public static bool IsServing(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 5 || frame[0] != 0)
        {
            return false;
        }

        // Field 1, a varint; the last one counts, others are not defined.
        var serving = false;
        for (var message = frame[5..]; message.Length >= 2; message = message[2..])
        {
            if (message[0] != 0x08 || message[1] > 0x7f)
            {
                return false;
            }

            serving = message[1] == 1;
        }

        return serving;
    }
}
