using System.Text.Json;

namespace Slipway.TodoApi.Tests.Scenes;

/// <summary>An open stream of events, read one after the other.</summary>
internal sealed class EventStream : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private EventStream(HttpResponseMessage response, StreamReader reader) => (_response, _reader) = (response, reader);

    /// <summary>The last id that came, as a browser would remember it.</summary>
    public string LastId { get; private set; } = "";

    public static async Task<EventStream> OpenAsync(Person person, string? lastId = null, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events");
        request.Headers.Authorization = new("Bearer", person.Token);
        if (lastId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastId);
        }

        var response = await (client ?? person.Client).SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(200, (int)response.StatusCode);
        return new EventStream(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next event; null when the stream has ended.</summary>
    public async Task<(string Type, JsonElement Data)?> NextAsync()
    {
        using var limit = new CancellationTokenSource(s_patience);
        var (type, data) = ("message", "");
        while (await _reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                LastId = line[4..];
            }
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                type = line[7..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                data += line[6..];
            }
            else if (line.Length == 0 && data.Length > 0)
            {
                return (type, JsonDocument.Parse(data).RootElement.Clone());
            }
        }

        return null;
    }

    /// <summary>Reads on until such an event comes.</summary>
    public async Task<JsonElement> UntilAsync(string type, string? id = null, string? action = null)
    {
        while (await NextAsync() is { } item)
        {
            if (item.Type == type && (id is null || item.Data.Id() == id) && (action is null || item.Data.Text("action") == action))
            {
                return item.Data;
            }
        }

        throw new InvalidOperationException($"The stream ended before {type} {id} {action} came.");
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _response.Dispose();
        return ValueTask.CompletedTask;
    }
}
