namespace Slipway.Identity.Administration;

/// <summary>Something that was done to something. Changes hold no personal data, because the trail outlives the person's account.</summary>
internal sealed record Activity(string Action, string TargetType, string TargetId)
{
    public IReadOnlyList<ActivityChange> Changes { get; init; } = [];

    public string? Reason { get; init; }
}

internal sealed record ActivityChange(string Pointer, string? Before, string? After);
