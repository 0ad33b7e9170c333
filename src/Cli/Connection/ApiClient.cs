using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Cli.Terminal;
using Slipway.Store.Installation;

namespace Slipway.Cli.Connection;

/// <summary>
/// Talks to the API of the installation in the state folder: its address from the status file, its own certificate
/// authority, the admin token. A refusal becomes one line for the user.
/// </summary>
internal sealed class ApiClient : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;

    private ApiClient(HttpClient http, InstallationStatus status)
    {
        _http = http;
        Status = status;
    }

    public InstallationStatus Status { get; }

    public static ApiClient Connect(StateFolder folder)
    {
        var status = InstallationStatus.Read(folder);
        if (status is not { IsAlive: true } || !status.Urls.TryGetValue("api", out var address))
        {
            throw new CliFailure($"Slipway is not running in {folder.Root}. Start it with `slipway up`.", ExitCodes.Unreachable);
        }

        try
        {
            var authority = X509CertificateLoader.LoadCertificateFromFile(folder.CertificateAuthority);
            var token = File.ReadAllText(folder.AdminToken).Trim();
            var http = new HttpClient(new SocketsHttpHandler
            {
                UseProxy = false,
                SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => IsSignedBy(authority, certificate) },
            })
            {
                BaseAddress = new Uri(address),
                Timeout = Timeout.InfiniteTimeSpan,
            };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return new ApiClient(http, status);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliFailure($"the credentials in {folder.Root} cannot be read: {error.Message}", ExitCodes.Unreachable);
        }
    }

    /// <summary>The object, or null when there is none.</summary>
    public async Task<JsonObject?> FindAsync(string path, CancellationToken cancellation, string accept = "application/json")
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, null, accept, cancellation);
        return response.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync(response, cancellation);
    }

    public async Task<JsonObject> GetAsync(string path, CancellationToken cancellation, string accept = "application/json")
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, null, accept, cancellation);
        return await ReadAsync(response, cancellation);
    }

    public Task<JsonObject> PostAsync(string path, JsonObject body, CancellationToken cancellation) =>
        WriteAsync(HttpMethod.Post, path, body, "application/json", cancellation);

    public Task<JsonObject> PutAsync(string path, JsonObject body, CancellationToken cancellation) =>
        WriteAsync(HttpMethod.Put, path, body, "application/json", cancellation);

    public Task<JsonObject> MergeAsync(string path, JsonObject patch, CancellationToken cancellation) =>
        WriteAsync(HttpMethod.Patch, path, patch, "application/merge-patch+json", cancellation);

    /// <summary>Server-side apply: what this manifest no longer says is removed, what others own is overruled.</summary>
    public Task<JsonObject> ApplyAsync(string path, JsonObject manifest, CancellationToken cancellation) =>
        WriteAsync(HttpMethod.Patch, $"{path}?fieldManager=slipway&force=true", manifest, "application/apply-patch+yaml", cancellation);

    public async Task<JsonObject?> DeleteAsync(string path, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Delete, path, null, null, "application/json", cancellation);
        return response.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync(response, cancellation);
    }

    /// <summary>An answer that may never end (logs, watches), as it comes.</summary>
    public async Task<HttpResponseMessage> StreamAsync(string path, CancellationToken cancellation, string accept = "*/*")
    {
        var response = await SendAsync(HttpMethod.Get, path, null, null, accept, cancellation);
        if (!response.IsSuccessStatusCode)
        {
            using (response)
            {
                await ReadAsync(response, cancellation);
            }
        }

        return response;
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonObject> WriteAsync(HttpMethod method, string path, JsonObject body, string contentType, CancellationToken cancellation)
    {
        using var response = await SendAsync(method, path, body, contentType, "application/json", cancellation);
        return await ReadAsync(response, cancellation);
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, JsonObject? body, string? contentType, string accept, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType!);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_limit);
        try
        {
            // Only the head of the answer is under the limit: a stream may go on for hours.
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CliFailure($"the API at {_http.BaseAddress} did not answer within {s_limit.TotalSeconds:0} s.", ExitCodes.Unreachable);
        }
        catch (HttpRequestException error)
        {
            throw new CliFailure($"the API at {_http.BaseAddress} cannot be reached: {error.Message}", ExitCodes.Unreachable);
        }
    }

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var text = await response.Content.ReadAsStringAsync(cancellation);
        JsonObject? body = null;
        try
        {
            body = JsonNode.Parse(text) as JsonObject;
        }
        catch (System.Text.Json.JsonException)
        {
            // Said below: an answer that is not JSON is shown as it came.
        }

        if (!response.IsSuccessStatusCode)
        {
            var message = (string?)body?["message"] ?? (string?)body?["detail"] ?? text.Trim();
            throw new CliFailure(message.Length > 0 ? message : $"the API answered {(int)response.StatusCode}");
        }

        return body ?? throw new CliFailure($"the API answered with something that is not a JSON object: {text}");
    }

    private static bool IsSignedBy(X509Certificate2 authority, X509Certificate? certificate)
    {
        if (certificate is null)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var presented = new X509Certificate2(certificate);
        return chain.Build(presented);
    }
}
