using System.Text.Json.Nodes;

namespace Slipway.Sdk.Messaging;

/// <summary>A fact that others may want to know, in the past tense.</summary>
public sealed record OutgoingEvent
{
    /// <summary>Such as <c>slipway.todo.todo.completed.v1</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The broker's topic it belongs to, such as <c>order-events</c>; without one it goes to the service's one sink.</summary>
    public string? Topic { get; init; }

    /// <summary>The aggregate it is about.</summary>
    public required string Subject { get; init; }

    /// <summary>What consumers need; no secrets and no free text of persons.</summary>
    public required JsonObject Data { get; init; }

    /// <summary>Events of one key arrive in order. The subject unless said otherwise.</summary>
    public string? PartitionKey { get; init; }

    /// <summary>The aggregate's version after the change.</summary>
    public long? Sequence { get; init; }

    /// <summary>Such as <c>internal</c> or <c>personal</c>.</summary>
    public string? DataClassification { get; init; }
}
