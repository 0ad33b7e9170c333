using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Slipway.Gateway.Wires;

namespace Slipway.Gateway.Listening;

/// <summary>TLS 1.2 and 1.3, the certificate by server name, HTTP/2 or HTTP/1.1 by ALPN.</summary>
internal sealed class Handshakes(GatewayCore core)
{
    private const int ContextsMax = 1_000;
    private static readonly List<SslApplicationProtocol> s_protocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    private readonly ConcurrentDictionary<string, SslStreamCertificateContext> _contexts = new(StringComparer.Ordinal);

    /// <summary>Null when the client did not manage a handshake in time; there is nobody to tell then.</summary>
    public async Task<(Transport Transport, bool Http2)?> SecureAsync(Socket socket, IPEndPoint? peer)
    {
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false);
        using var limit = new CancellationTokenSource(core.Limits.HeadTimeout, core.Time);
        try
        {
            // The arithmetic of a handshake takes longer than serving a request; it stays off the threads that do.
            await Task.Run(() => stream.AuthenticateAsServerAsync(Choose, core, limit.Token), limit.Token).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is AuthenticationException or IOException or SocketException or OperationCanceledException or InvalidOperationException)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            return null;
        }

        return (new StreamTransport(stream, socket, peer), stream.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2);
    }

    private ValueTask<SslServerAuthenticationOptions> Choose(SslStream stream, SslClientHelloInfo hello, object? state, CancellationToken cancellation)
    {
        var certificate = core.Certificate?.Invoke(hello.ServerName.Length == 0 ? null : hello.ServerName)
            ?? throw new AuthenticationException($"There is no certificate for the server name \"{hello.ServerName}\".");
        return ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = ContextOf(certificate),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = s_protocols,
            AllowRenegotiation = false,
            ClientCertificateRequired = false,
        });
    }

    private SslStreamCertificateContext ContextOf(X509Certificate2 certificate)
    {
        if (_contexts.Count > ContextsMax)
        {
            _contexts.Clear();
        }

        return _contexts.GetOrAdd(certificate.Thumbprint, static (_, one) => SslStreamCertificateContext.Create(one, additionalCertificates: null, offline: true), certificate);
    }
}
