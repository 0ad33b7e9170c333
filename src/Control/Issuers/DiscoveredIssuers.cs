using System.Text.Json.Nodes;
using Slipway.Control.Instances;
using Slipway.Model.Failures;

namespace Slipway.Control.Issuers;

/// <summary>
/// OpenID Connect discovery, asked through the gateway as every neighbour would. The key set is taken from the same service,
/// whatever host its document names: a Service cannot make the platform fetch from somewhere else.
/// </summary>
internal sealed class DiscoveredIssuers(Surroundings surroundings) : IIssuerDocuments, IDisposable
{
    private const string DiscoveryPath = "/.well-known/openid-configuration";
    private const int AnswerBytesMax = 64 * 1024;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false })
    {
        BaseAddress = new Uri(surroundings.Dial),
        Timeout = s_limit,
        MaxResponseContentBufferSize = AnswerBytesMax,
    };

    public async Task<Outcome<IssuerDocument>> FetchAsync(string @namespace, string service, CancellationToken cancellation)
    {
        try
        {
            var discovery = await GetAsync(@namespace, service, DiscoveryPath, cancellation);
            if ((string?)discovery["issuer"] is not { Length: > 0 and <= 500 } issuer)
            {
                return Trouble(service, "its discovery document names no issuer");
            }

            if (!Uri.TryCreate((string?)discovery["jwks_uri"], UriKind.Absolute, out var keysAt))
            {
                return Trouble(service, "its discovery document names no jwks_uri");
            }

            var keys = await GetAsync(@namespace, service, keysAt.AbsolutePath, cancellation);
            return keys["keys"] is JsonArray { Count: > 0 } ? new IssuerDocument(issuer, keys.ToJsonString()) : Trouble(service, "it publishes no keys");
        }
        catch (Exception trouble) when (trouble is HttpRequestException or System.Text.Json.JsonException or InvalidOperationException
            || (trouble is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return Trouble(service, trouble is OperationCanceledException ? $"it did not answer within {s_limit.TotalSeconds:0} s" : trouble.Message);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonObject> GetAsync(string @namespace, string service, string path, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = surroundings.Ingress.HostOf(@namespace, service);
        using var response = await _http.SendAsync(request, cancellation);
        response.EnsureSuccessStatusCode();
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation)) as JsonObject
            ?? throw new System.Text.Json.JsonException($"{path} is not a JSON object");
    }

    private static Failure Trouble(string service, string why) =>
        new(FailureKind.Unavailable, "issuer-unavailable", $"Service \"{service}\" cannot be asked for its keys: {why}.");
}
