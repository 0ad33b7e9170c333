using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Slipway.Sdk.Messaging;

/// <summary>What became of sending.</summary>
/// <param name="Error">Null when it arrived.</param>
/// <param name="Passing">Nobody judged the event: there was no answer, or one that asks to come again.</param>
internal readonly record struct Sending(string? Error, bool Passing)
{
    public static readonly Sending Arrived = new(null, false);
}

/// <summary>Posts events to where they go.</summary>
internal sealed class EventSender : IDisposable
{
    /// <summary>As much of a batch as a broker takes at once, with room for the brackets.</summary>
    public const int BatchBytesMax = 4 * 1024 * 1024;

    private static readonly MediaTypeHeaderValue s_single = new(CloudEvent.MediaType) { CharSet = "utf-8" };
    private static readonly MediaTypeHeaderValue s_batch = new("application/cloudevents-batch+json") { CharSet = "utf-8" };

    private readonly EventSinks _sinks;
    private readonly DeliverySignature _signature;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public EventSender(EventSinks sinks, DeliverySignature signature, TimeProvider time)
    {
        (_sinks, _signature, _time) = (sinks, signature, time);
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(2), MaxConnectionsPerServer = 16 })
        {
            Timeout = TimeSpan.FromSeconds(10),
            MaxResponseContentBufferSize = 64 * 1024,
        };
    }

    public bool TakesBatches(string? topic) => _sinks.Of(topic).TakesBatches;

    public Task<Sending> SendAsync(WaitingEvent waiting, CancellationToken cancellation)
    {
        using var document = JsonDocument.Parse(waiting.Event);
        var told = document.RootElement;
        var body = Encoding.UTF8.GetBytes(waiting.Event);
        return PostAsync(_sinks.Of(waiting.Topic), s_single, body, told.GetProperty("id").GetString()!, Text("type"), Text("source"), TextOrNull("subject"), cancellation);

        string Text(string name) => told.GetProperty(name).GetString()!;
        string? TextOrNull(string name) => told.TryGetProperty(name, out var value) ? value.GetString() : null;
    }

    /// <summary>All or none. A batch has no attributes of its own, so only its body and its first event's id are signed.</summary>
    public Task<Sending> SendAsync(string? topic, IReadOnlyList<WaitingEvent> events, CancellationToken cancellation)
    {
        var body = Encoding.UTF8.GetBytes($"[{string.Join(',', events.Select(waiting => waiting.Event))}]");
        return PostAsync(_sinks.Of(topic), s_batch, body, events[0].Id.ToString(), "", "", null, cancellation);
    }

    public void Dispose() => _client.Dispose();

    private async Task<Sending> PostAsync(
        EventSink sink, MediaTypeHeaderValue mediaType, byte[] body, string id, string type, string source, string? subject, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, sink.Address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = mediaType;
        request.Headers.Host = sink.Host;
        foreach (var (name, value) in _signature.Sign(id, type, source, subject, body, _time.GetUtcNow()))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var answer = await _client.SendAsync(request, cancellation);
            return answer.IsSuccessStatusCode
                ? Sending.Arrived
                : new Sending($"The sink answered {(int)answer.StatusCode}.", answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests);
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return new Sending($"The sink could not be reached: {exception.Message}", Passing: true);
        }
    }
}
