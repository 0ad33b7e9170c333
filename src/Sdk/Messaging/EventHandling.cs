using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Npgsql;

namespace Slipway.Sdk.Messaging;

/// <summary>
/// What a service does with one type of event. The work is part of the transaction that also notes the event as handled, so it
/// happens once however often the event arrives. A thrown <see cref="Problems.ProblemException"/> says what the broker does next: 409,
/// 429 and 5xx have the event sent again, any other makes it a dead letter.
/// </summary>
public sealed class EventHandling
{
    private readonly Func<ReceivedEvent, Func<NpgsqlTransaction, IServiceProvider, CancellationToken, Task>> _read;

    private EventHandling(string type, Func<ReceivedEvent, Func<NpgsqlTransaction, IServiceProvider, CancellationToken, Task>> read) => (Type, _read) = (type, read);

    public string Type { get; }

    public static EventHandling Of<T>(string type, JsonTypeInfo<T> payload, Func<T, ReceivedEvent, NpgsqlTransaction, IServiceProvider, CancellationToken, Task> handle)
        where T : class => new(type, told =>
        {
            var data = (told.Parsed is { } parsed ? parsed.Deserialize(payload) : JsonSerializer.Deserialize(told.Data.Span, payload))
                ?? throw new JsonException("The data is null.");
            return (transaction, services, cancellation) => handle(data, told, transaction, services, cancellation);
        });

    /// <summary>Reads the data, which throws <see cref="JsonException"/> where it does not fit, and answers the work to be done.</summary>
    internal Func<NpgsqlTransaction, IServiceProvider, CancellationToken, Task> Read(ReceivedEvent told) => _read(told);
}
