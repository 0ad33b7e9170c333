using System.Text.Json;

namespace Slipway.Sdk.Messaging;

/// <summary>An event as it arrived.</summary>
public sealed record ReceivedEvent
{
    public required string Id { get; init; }

    public required string Source { get; init; }

    public required string Type { get; init; }

    public string? Subject { get; init; }

    public DateTimeOffset? Time { get; init; }

    public string? CorrelationId { get; init; }

    /// <summary>The aggregate's version after the change, where the producer counts.</summary>
    public long? Sequence { get; init; }

    /// <summary>Sent again on an operator's demand: no mail is to be sent and no money to be moved for it.</summary>
    public bool Replay { get; init; }

    /// <summary>The span that wrote it.</summary>
    internal string? TraceParent { get; init; }

    internal ReadOnlyMemory<byte> Data { get; init; }

    internal JsonElement? Parsed { get; init; }
}
