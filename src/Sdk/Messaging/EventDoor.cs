using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;
using Slipway.Sdk.Telemetry;

namespace Slipway.Sdk.Messaging;

/// <summary>Where the broker hands over events: <c>POST /events/{consumer}</c>, one CloudEvent a request, binary or structured.</summary>
public static partial class EventDoor
{
    private const int BytesMax = 1_048_576;

    /// <param name="consumer">Under which name handled events are remembered; it never changes.</param>
    /// <param name="handlings">What is done with which type. Events of other types are taken and nothing happens.</param>
    public static void MapEvents(this WebApplication app, string consumer, params IReadOnlyList<EventHandling> handlings)
    {
        var byType = handlings.ToDictionary(handling => handling.Type, StringComparer.Ordinal);
        app.MapMethods($"/events/{consumer}", ["POST"], (RequestDelegate)(http => ReceiveAsync(http, consumer, byType)))
            .ExcludeFromDescription()
            .OpenToAll("The platform's broker proves itself by its signature.");
        var services = app.Services;
        if (!services.GetRequiredService<DeliverySignature>().Required)
        {
            LogUnsigned(services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(EventDoor)), consumer);
        }
    }

    private static async Task ReceiveAsync(HttpContext http, string consumer, Dictionary<string, EventHandling> handlings)
    {
        var cancellation = http.RequestAborted;
        var services = http.RequestServices;
        var body = await BodyBytes.ReadAsync(http.Request, _ => true, "application/json", BytesMax, cancellation);
        var told = body.Is(out var bytes, out var unread) ? EventReader.Read(http.Request, bytes) : unread;
        if (!told.Is(out var received, out var unreadable))
        {
            await unreadable.ToResult().ExecuteAsync(http);
            return;
        }

        var headers = http.Request.Headers;
        var mistake = services.GetRequiredService<DeliverySignature>().Mistake(
            headers[DeliverySignature.IdHeader], headers[DeliverySignature.TimestampHeader], headers[DeliverySignature.SignatureHeader],
            received.Type, received.Source, received.Subject, bytes.Span, services.GetRequiredService<TimeProvider>().GetUtcNow());
        if (mistake is not null)
        {
            await Problem.Unauthenticated(mistake).ToResult().ExecuteAsync(http);
            return;
        }

        if (handlings.TryGetValue(received.Type, out var handling) && await HandleAsync(http, consumer, handling, received, cancellation) is { } problem)
        {
            await problem.ToResult().ExecuteAsync(http);
            return;
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task<Problem?> HandleAsync(HttpContext http, string consumer, EventHandling handling, ReceivedEvent received, CancellationToken cancellation)
    {
        if (RequestScope.Current is { } scope)
        {
            scope.CorrelationId = received.CorrelationId ?? scope.CorrelationId;
            scope.CausationId = received.Id;
        }

        Func<Npgsql.NpgsqlTransaction, IServiceProvider, CancellationToken, Task> work;
        try
        {
            work = handling.Read(received);
        }
        catch (JsonException exception)
        {
            return new Problem(400, "eventUnreadable", "The event's data cannot be read", $"The data of {received.Type} does not fit: {exception.Message}");
        }

        var services = http.RequestServices;
        var inbox = services.GetRequiredService<Inbox>();

        // Ids are unique per source only.
        var id = $"{received.Source}#{received.Id}";
        using var span = EventSpans.Handle(services.GetRequiredService<Traces>(), received, consumer);
        try
        {
            await services.GetRequiredService<Database.Database>().WriteAsync(
                async (transaction, token) =>
                {
                    if (await inbox.TryEnterAsync(transaction, consumer, id, token))
                    {
                        await work(transaction, services, token);
                    }
                },
                cancellation);
            return null;
        }
        catch (Exception exception)
        {
            EventSpans.Failed(span, exception);
            throw;
        }
    }

    [LoggerMessage(EventId = 8504, Level = LogLevel.Warning, Message = "Events for {Consumer} are taken from anybody: this service was given no SLIPWAY_EVENTS_KEY")]
    private static partial void LogUnsigned(ILogger logger, string consumer);
}

/// <summary>Reads a CloudEvent in either of its two shapes.</summary>
internal static class EventReader
{
    private const string Structured = "application/cloudevents+json";

    public static Outcome<ReceivedEvent> Read(HttpRequest request, ReadOnlyMemory<byte> body) =>
        request.ContentType?.StartsWith(Structured, StringComparison.OrdinalIgnoreCase) == true ? ReadDocument(request, body) : ReadHeaders(request, body);

    private static Outcome<ReceivedEvent> ReadHeaders(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        var missing = new[] { "ce-id", "ce-source", "ce-type" }.FirstOrDefault(name => string.IsNullOrEmpty(request.Headers[name]));
        if (missing is not null)
        {
            return Problem.Unreadable($"The header {missing} is missing: send one CloudEvent, binary or as {Structured}.");
        }

        return new ReceivedEvent
        {
            Id = Header("id")!,
            Source = Header("source")!,
            Type = Header("type")!,
            Subject = Header("subject"),
            Time = Instant(Header("time")),
            CorrelationId = Header("correlationid"),
            TraceParent = Header("traceparent"),
            Sequence = Number(Header("sequence")),
            Replay = Header("replay") == "true",
            Data = body,
        };

        // Values travel percent-encoded where they are not plain text.
        string? Header(string name) => request.Headers["ce-" + name].ToString() is { Length: > 0 } value ? Uri.UnescapeDataString(value) : null;
    }

    private static Outcome<ReceivedEvent> ReadDocument(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var told = document.RootElement;
            return new ReceivedEvent
            {
                Id = Needed("id"),
                Source = Needed("source"),
                Type = Needed("type"),
                Subject = Text("subject"),
                Time = Instant(Text("time")),
                CorrelationId = Text("correlationid"),
                TraceParent = Text("traceparent"),
                Sequence = Number(Text("sequence")),
                Replay = Text("replay") == "true" || request.Headers["ce-replay"] == "true",
                Parsed = told.GetProperty("data").Clone(),
            };

            string? Text(string name) => told.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            string Needed(string name) => Text(name) is { Length: > 0 } value ? value : throw new JsonException($"The attribute {name} is missing.");
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return Problem.Unreadable($"The body is no CloudEvent: {exception.Message}");
        }
    }

    private static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
