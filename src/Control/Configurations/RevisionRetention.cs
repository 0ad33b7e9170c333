using System.Globalization;
using Slipway.Model.Resources;
using Slipway.Model.Serving;

namespace Slipway.Control.Configurations;

/// <summary>How long Revisions that get no traffic are kept.</summary>
/// <param name="Kept">So many of the newest are kept whatever their age.</param>
/// <param name="KeptAtMost">Beyond so many the oldest go whatever their age.</param>
/// <param name="SinceCreated">Younger ones are kept.</param>
/// <param name="SinceUsed">Ones a Route left more recently are kept.</param>
public sealed record RevisionRetentionSettings(int Kept, int KeptAtMost, TimeSpan SinceCreated, TimeSpan SinceUsed)
{
    public static RevisionRetentionSettings Default { get; } = new(20, 1000, TimeSpan.FromHours(48), TimeSpan.FromHours(15));
}

/// <summary>Chooses the Revisions nobody will miss.</summary>
internal static class RevisionRetention
{
    /// <param name="revisions">All Revisions of one Configuration, newest first.</param>
    /// <param name="named">Names the Configuration's status holds on to.</param>
    public static IReadOnlyList<Resource> Expired(
        IReadOnlyList<Resource> revisions, IReadOnlyCollection<string?> named, RevisionRetentionSettings settings, DateTimeOffset now)
    {
        var idle = revisions
            .Where(revision => !revision.IsDeleting
                && revision.Metadata.Label(ServingNames.RoutingState) == ServingNames.RoutingReserve
                && !named.Contains(revision.Name))
            .ToList();
        return [.. idle
            .Skip(settings.Kept)
            .Where((revision, position) => settings.Kept + position >= settings.KeptAtMost || IsStale(revision, settings, now))];
    }

    private static bool IsStale(Resource revision, RevisionRetentionSettings settings, DateTimeOffset now)
    {
        var created = revision.Metadata.CreationTimestamp ?? now;
        var used = DateTimeOffset.TryParse(
            revision.Metadata.Annotation(ServingNames.RoutingStateModified), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var left)
            ? left
            : created;
        return now - created >= settings.SinceCreated && now - used >= settings.SinceUsed;
    }
}
