using System.Text.Json.Nodes;

namespace Slipway.Api.Tests.Hosting;

/// <summary>Reads a watch line by line, waiting for each with a generous limit.</summary>
internal sealed class WatchReader : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private WatchReader(HttpResponseMessage response, StreamReader lines)
    {
        _response = response;
        _lines = lines;
    }

    public static async Task<WatchReader> OpenAsync(ApiHost api, string path, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        var response = await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return new WatchReader(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next event, or null when the stream has ended.</summary>
    public async Task<JsonObject?> NextAsync()
    {
        using var limit = new CancellationTokenSource(s_limit);
        return await _lines.ReadLineAsync(limit.Token) is { } line ? (JsonObject)JsonNode.Parse(line)! : null;
    }

    /// <summary>The next event as <c>TYPE name</c>.</summary>
    public async Task<string> SummaryAsync()
    {
        var next = await NextAsync();
        return next is null ? "END" : $"{next["type"]} {next["object"]!["metadata"]?["name"] ?? next["object"]!["reason"]}".Trim();
    }

    public ValueTask DisposeAsync()
    {
        _lines.Dispose();
        _response.Dispose();
        return ValueTask.CompletedTask;
    }
}
