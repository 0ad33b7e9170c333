using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Cli.Terminal;
using Slipway.Store.Installation;

namespace Slipway.Cli.Events;

/// <summary>Talks to the event bus of the installation in the state folder. A refusal becomes one line for the user.</summary>
internal sealed class EventsClient : IDisposable
{
    private readonly HttpClient _http;

    private EventsClient(HttpClient http) => _http = http;

    public static EventsClient Connect(StateFolder folder)
    {
        var status = InstallationStatus.Read(folder);
        if (status is not { IsAlive: true } || !status.Urls.TryGetValue("events", out var address))
        {
            throw new CliFailure($"Slipway is not running in {folder.Root}. Start it with `slipway up`.", ExitCodes.Unreachable);
        }

        try
        {
            var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(30) };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(folder.AdminToken).Trim());
            return new EventsClient(http);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliFailure($"the credentials in {folder.Root} cannot be read: {error.Message}", ExitCodes.Unreachable);
        }
    }

    public Task<JsonObject> GetAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Get, path, null, "application/json", cancellation);

    public Task<JsonObject> PostAsync(string path, JsonObject body, CancellationToken cancellation, string type = "application/json") =>
        SendAsync(HttpMethod.Post, path, body, type, cancellation);

    public void Dispose() => _http.Dispose();

    private async Task<JsonObject> SendAsync(HttpMethod method, string path, JsonObject? body, string type, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        try
        {
            using var response = await _http.SendAsync(request, cancellation);
            var text = await response.Content.ReadAsStringAsync(cancellation);
            var answer = text.Length == 0 ? [] : JsonNode.Parse(text) as JsonObject;
            return response.IsSuccessStatusCode && answer is not null
                ? answer
                : throw new CliFailure((string?)answer?["detail"] ?? $"the event bus answered {(int)response.StatusCode}");
        }
        catch (Exception error) when (error is HttpRequestException or JsonException || (error is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new CliFailure($"the event bus at {_http.BaseAddress} cannot be reached: {error.Message}", ExitCodes.Unreachable);
        }
    }
}
