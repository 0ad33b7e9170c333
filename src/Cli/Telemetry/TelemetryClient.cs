using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Cli.Terminal;
using Slipway.Store.Installation;

namespace Slipway.Cli.Telemetry;

/// <summary>Asks the telemetry of the installation in the state folder, in the dialects of Prometheus, Loki, Tempo and Alertmanager.</summary>
internal sealed class TelemetryClient : IDisposable
{
    private readonly HttpClient _http;

    private TelemetryClient(HttpClient http) => _http = http;

    public static TelemetryClient Connect(StateFolder folder)
    {
        var status = InstallationStatus.Read(folder);
        if (status is not { IsAlive: true })
        {
            throw new CliFailure($"Slipway is not running in {folder.Root}. Start it with `slipway up`.", ExitCodes.Unreachable);
        }

        if (!status.Urls.TryGetValue("telemetry", out var address))
        {
            throw new CliFailure(
                $"telemetry has no door here: SLIPWAY_TELEMETRY is off or SLIPWAY_TELEMETRY_PORT is 0; `slipway status` and {folder.ServerLog} say more.", ExitCodes.Unreachable);
        }

        try
        {
            var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectCallback = ConnectAsync }) { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(60) };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(folder.AdminToken).Trim());
            return new TelemetryClient(http);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliFailure($"the credentials in {folder.Root} cannot be read: {error.Message}", ExitCodes.Unreachable);
        }
    }

    /// <summary>The <c>data</c> of an answer of Prometheus or Loki.</summary>
    public async Task<JsonNode> DataAsync(string path, IEnumerable<(string Name, string? Value)> query, CancellationToken cancellation)
    {
        var answer = await GetAsync(path, query, cancellation);
        return answer["data"] ?? throw new CliFailure($"telemetry answered {path} without data.");
    }

    public Task<JsonNode> GetAsync(string path, IEnumerable<(string Name, string? Value)> query, CancellationToken cancellation)
    {
        var parts = query.Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}");
        return SendAsync(HttpMethod.Get, $"{path}?{string.Join('&', parts)}".TrimEnd('?'), null, cancellation);
    }

    public Task<JsonNode> PostAsync(string path, JsonObject body, CancellationToken cancellation) => SendAsync(HttpMethod.Post, path, body, cancellation);

    public Task<JsonNode> DeleteAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Delete, path, null, cancellation);

    public void Dispose() => _http.Dispose();

    /// <summary>Names under localhost are not resolvable everywhere; telemetry is on this machine in any case.</summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        try
        {
            using var response = await _http.SendAsync(request, cancellation);
            var text = await response.Content.ReadAsStringAsync(cancellation);
            if (!response.IsSuccessStatusCode)
            {
                throw new CliFailure(Refusal(text) ?? $"telemetry answered {((int)response.StatusCode).ToString(CultureInfo.InvariantCulture)}");
            }

            return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text) ?? new JsonObject();
        }
        catch (Exception error) when (error is HttpRequestException or JsonException || (error is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new CliFailure($"telemetry at {_http.BaseAddress} cannot be reached: {error.Message}", ExitCodes.Unreachable);
        }
    }

    /// <summary>Every dialect has its own word for what is wrong.</summary>
    private static string? Refusal(string text)
    {
        try
        {
            return JsonNode.Parse(text) switch
            {
                JsonObject said => (string?)said["error"] ?? (string?)said["detail"] ?? (string?)said["message"],
                JsonValue value when value.TryGetValue<string>(out var words) => words,
                _ => null,
            };
        }
        catch (JsonException)
        {
            return text.Trim() is { Length: > 0 } words ? words.Split('\n')[0] : null;
        }
    }
}
