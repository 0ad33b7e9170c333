using System.Net;
using System.Net.Http.Headers;
using Slipway.Sdk.Settings;

namespace Slipway.Sdk.Callers;

/// <summary>Asks the identity service. Small answers only, and never for longer than a caller would wait.</summary>
internal sealed class IdentityConnection(ServiceAddresses addresses) : IDisposable
{
    private const string Service = "identity";
    private const long AnswerBytesMax = 256 * 1024;

    private readonly HttpClient _client = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5), ConnectTimeout = TimeSpan.FromSeconds(2) })
    {
        Timeout = TimeSpan.FromSeconds(5),
        MaxResponseContentBufferSize = AnswerBytesMax,
    };

    /// <exception cref="HttpRequestException">No answer, or a larger one than expected.</exception>
    public async Task<(HttpStatusCode Status, byte[] Body)> GetAsync(string path, CancellationToken cancellation) =>
        await SendAsync(HttpMethod.Get, path, null, cancellation);

    public async Task<(HttpStatusCode Status, byte[] Body)> PostAsync(string path, byte[] json, CancellationToken cancellation)
    {
        using var content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return await SendAsync(HttpMethod.Post, path, content, cancellation);
    }

    public void Dispose() => _client.Dispose();

    private async Task<(HttpStatusCode Status, byte[] Body)> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(addresses.Dial(Service), path)) { Content = content };
        request.Headers.Host = addresses.HostHeader(Service);
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellation));
    }
}
