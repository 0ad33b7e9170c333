using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Deploy;

/// <summary>Pushes to the installation's own registry: what is there already is not sent again.</summary>
internal sealed class RegistryClient : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http;

    public RegistryClient(string address, string token)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(address), Timeout = s_limit };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"slipway:{token}")));
    }

    /// <summary>The registry as image references name it.</summary>
    public string Host => _http.BaseAddress!.Authority;

    public async Task PushBlobAsync(string repository, string digest, Func<Stream> content, CancellationToken cancellation)
    {
        using var known = await SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/v2/{repository}/blobs/{digest}"), cancellation);
        if (known.StatusCode == HttpStatusCode.OK)
        {
            return;
        }

        using var opened = await SendAsync(new HttpRequestMessage(HttpMethod.Post, $"/v2/{repository}/blobs/uploads/"), cancellation);
        await CheckAsync(opened, HttpStatusCode.Accepted, "an upload could not be opened", cancellation);
        var location = opened.Headers.Location ?? throw new CliFailure("the registry opened an upload without saying where.");
        var target = location.IsAbsoluteUri ? location.PathAndQuery : location.OriginalString;
        await using var body = content();
        using var upload = new HttpRequestMessage(HttpMethod.Put, $"{target}{(target.Contains('?', StringComparison.Ordinal) ? '&' : '?')}digest={Uri.EscapeDataString(digest)}")
        {
            Content = new StreamContent(body),
        };
        upload.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var stored = await SendAsync(upload, cancellation);
        await CheckAsync(stored, HttpStatusCode.Created, "a layer was not taken", cancellation);
    }

    public async Task PushManifestAsync(string repository, string reference, ReadOnlyMemory<byte> manifest, string mediaType, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/v2/{repository}/manifests/{reference}") { Content = new ReadOnlyMemoryContent(manifest) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        using var stored = await SendAsync(request, cancellation);
        await CheckAsync(stored, HttpStatusCode.Created, "the manifest was not taken", cancellation);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using (request)
        {
            try
            {
                return await _http.SendAsync(request, cancellation);
            }
            catch (HttpRequestException error)
            {
                throw new CliFailure($"the registry at {_http.BaseAddress} cannot be reached: {error.Message}", ExitCodes.Unreachable);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new CliFailure($"the registry at {_http.BaseAddress} did not answer within {s_limit.TotalMinutes:0} minutes.", ExitCodes.Unreachable);
            }
        }
    }

    private static async Task CheckAsync(HttpResponseMessage response, HttpStatusCode expected, string what, CancellationToken cancellation)
    {
        if (response.StatusCode != expected)
        {
            throw new CliFailure($"{what}: the registry answered {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellation)}");
        }
    }
}
