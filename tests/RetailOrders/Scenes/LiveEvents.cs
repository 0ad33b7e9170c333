namespace Slipway.RetailOrders.Tests.Scenes;

/// <summary>An open stream of an order's events, read one after the other.</summary>
internal sealed class LiveEvents : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private LiveEvents(HttpResponseMessage response, StreamReader reader) => (_response, _reader) = (response, reader);

    public static async Task<LiveEvents> OpenAsync(Buyer buyer, Guid order, string? lastId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/orders/{order}/events");
        request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
        if (lastId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastId);
        }

        var response = await buyer.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(200, (int)response.StatusCode);
        return new LiveEvents(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    public async Task<(string Id, string Type)> NextAsync()
    {
        using var limit = new CancellationTokenSource(s_patience);
        var (id, type, seen) = ("", "", false);
        while (await _reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                id = line[4..];
            }
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                type = line[7..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                seen = true;
            }
            else if (line.Length == 0 && seen)
            {
                return (id, type);
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
