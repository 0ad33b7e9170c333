using System.Text.Json;

namespace Slipway.TitanicApi.Tests.Scenes;

/// <summary>An open stream of events, read one after the other.</summary>
internal sealed class EventStream : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private EventStream(HttpResponseMessage response, StreamReader reader) => (_response, _reader) = (response, reader);

    public static async Task<EventStream> OpenAsync(HttpClient client, string? lastId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/people/events");
        if (lastId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastId);
        }

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(200, (int)response.StatusCode);
        return new EventStream(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    public async Task<(string Type, JsonElement Data, string Id)> NextAsync()
    {
        using var limit = new CancellationTokenSource(s_patience);
        var (type, data, id) = ("message", "", "");
        while (await _reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                type = line[7..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                data += line[6..];
            }
            else if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                id = line[4..];
            }
            else if (line.Length == 0 && data.Length > 0)
            {
                return (type, JsonDocument.Parse(data).RootElement.Clone(), id);
            }
        }

        throw new InvalidOperationException("The stream ended.");
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _response.Dispose();
        return ValueTask.CompletedTask;
    }
}
