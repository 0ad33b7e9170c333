using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Requests;

namespace Slipway.Sdk.Auditing;

/// <summary>One change, or one denied look at something sensitive.</summary>
public sealed record AuditEntry
{
    /// <summary><c>user</c>, <c>service</c>, <c>apiKey</c>, <c>anonymous</c> or <c>system</c>.</summary>
    public required string ActorType { get; init; }

    public required string ActorId { get; init; }

    /// <summary>For whom the actor acted, if not for itself.</summary>
    public string? OnBehalfOf { get; init; }

    /// <summary>Such as <c>todo.completed</c>.</summary>
    public required string Action { get; init; }

    public required string TargetType { get; init; }

    public required string TargetId { get; init; }

    public IReadOnlyList<AuditChange> Changes { get; init; } = [];

    public string? Reason { get; init; }

    public string? RequestId { get; init; }

    public string? TraceId { get; init; }

    public string? ClientIp { get; init; }

    /// <summary>The caller of a request did it.</summary>
    public static AuditEntry From(HttpContext http, string action, string targetType, string targetId)
    {
        var caller = http.CallerOrNull();
        return new AuditEntry
        {
            ActorType = caller?.Kind switch
            {
                CallerKind.User => "user",
                CallerKind.Service => "service",
                CallerKind.ApiKey => "apiKey",
                _ => "anonymous",
            },
            ActorId = caller?.Subject ?? "",
            Action = action,
            TargetType = targetType,
            TargetId = targetId,
            RequestId = http.RequestId(),
            TraceId = Activity.Current?.TraceId.ToHexString(),
            ClientIp = ClientAddress.Of(http)?.ToString(),
        };
    }

    /// <summary>The service did it by itself, for instance a purge that was due.</summary>
    public static AuditEntry BySystem(string actor, string action, string targetType, string targetId) => new()
    {
        ActorType = "system",
        ActorId = actor,
        Action = action,
        TargetType = targetType,
        TargetId = targetId,
        TraceId = Activity.Current?.TraceId.ToHexString(),
    };
}

/// <param name="Pointer">JSON Pointer to the member that changed.</param>
public sealed record AuditChange(string Pointer, JsonNode? Before, JsonNode? After);

/// <summary>An entry as the trail holds it.</summary>
/// <param name="Seq">Its place in the chain; null for the moment between being written and being linked.</param>
public sealed record AuditRecord(Guid Id, DateTimeOffset At, long? Seq, AuditEntry Entry);

/// <summary>Which entries to list, newest first. What is null does not restrict.</summary>
public sealed record AuditQuery
{
    public string? TargetType { get; init; }

    public string? TargetId { get; init; }

    public string? ActorId { get; init; }

    public string? Action { get; init; }

    /// <summary>Keyset: only entries older than this one.</summary>
    public (DateTimeOffset At, Guid Id)? Before { get; init; }

    public int Limit { get; init; } = 50;
}
