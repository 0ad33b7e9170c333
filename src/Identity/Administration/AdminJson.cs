using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Slipway.Sdk.Paging;

namespace Slipway.Identity.Administration;

/// <summary>An account as administrators see it.</summary>
internal sealed record UserView
{
    public required Guid Id { get; init; }

    public required string Email { get; init; }

    public bool EmailVerified { get; init; }

    public string? Username { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    public required string Role { get; init; }

    public bool Active { get; init; }

    public bool TwoFactorEnabled { get; init; }

    public DateTimeOffset? LockedUntil { get; init; }

    public DateTimeOffset? LastLoginAt { get; init; }

    public long LoginCount { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ErasureDueAt { get; init; }

    public DateTimeOffset? AnonymisedAt { get; init; }

    public long Version { get; init; }
}

internal sealed record UserPage(IReadOnlyList<UserView> Items, Page Page);

internal sealed record RoleBody
{
    public string? Role { get; set; }
}

internal sealed record ActiveBody
{
    public bool? Active { get; set; }

    /// <summary>The same under the name the todo surface uses.</summary>
    public bool? IsActive { get; set; }
}

internal sealed record ActivityView(
    Guid Id, DateTimeOffset At, string Action, ActivityActor Actor, ActivityTarget Target, IReadOnlyList<ActivityViewChange> Changes)
{
    public string? Reason { get; init; }

    public string? Network { get; init; }

    public string? RequestId { get; init; }

    public long? Seq { get; init; }
}

internal sealed record ActivityActor(string Type, string Id);

internal sealed record ActivityTarget(string Type, string Id);

internal sealed record ActivityViewChange(string Pointer, JsonNode? Before, JsonNode? After);

internal sealed record ActivityPage(IReadOnlyList<ActivityView> Items, Page Page);

internal sealed record ChainState(bool Intact, long? Links, string? Detail);

internal sealed record Member(Guid UserId, string Email, string? Name, string Role, DateTimeOffset GrantedAt);

internal sealed record MemberList(string Namespace, IReadOnlyList<Member> Items);

internal sealed record MemberView(string Namespace, Guid UserId, string Role);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(UserView))]
[JsonSerializable(typeof(UserPage))]
[JsonSerializable(typeof(RoleBody))]
[JsonSerializable(typeof(ActiveBody))]
[JsonSerializable(typeof(ActivityPage))]
[JsonSerializable(typeof(ChainState))]
[JsonSerializable(typeof(MemberList))]
[JsonSerializable(typeof(MemberView))]
internal sealed partial class AdminJson : JsonSerializerContext;
