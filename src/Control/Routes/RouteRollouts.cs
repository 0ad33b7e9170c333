using System.Text.Json;
using Slipway.Model.Resources;
using Slipway.Model.Serving;
using Slipway.Model.Values;

namespace Slipway.Control.Routes;

/// <summary>The roll-outs that a Route has under way, as they are kept in one of its annotations.</summary>
internal static class RouteRollouts
{
    /// <summary>Written by the control plane only; removed when nothing is under way.</summary>
    public const string Annotation = "slipway.dev/rollout";

    public static TimeSpan Duration(Resource route) =>
        GoDuration.TryParse(route.Metadata.Annotation(ServingNames.RolloutDuration), out var duration) ? duration : TimeSpan.Zero;

    public static IReadOnlyList<Rollout> Read(Resource route)
    {
        if (route.Metadata.Annotation(Annotation) is not { Length: > 0 } text)
        {
            return [];
        }

        try
        {
            return JsonSerializer.Deserialize(text, ControlJson.Default.ListRollout) ?? [];
        }
        catch (JsonException)
        {
            // Somebody edited it. Without it the traffic is where the status says, and the roll-out starts again from there.
            return [];
        }
    }

    public static ObjectMeta Write(ObjectMeta metadata, IReadOnlyList<Rollout> rollouts)
    {
        var active = rollouts.Where(rollout => !rollout.Settled).ToList();
        var former = metadata.Annotation(Annotation);
        var text = active.Count == 0 ? null : JsonSerializer.Serialize(active, ControlJson.Default.ListRollout);
        if (text == former)
        {
            return metadata;
        }

        var annotations = new Dictionary<string, string>(metadata.Annotations ?? [], StringComparer.Ordinal);
        annotations.Remove(Annotation);
        if (text is not null)
        {
            annotations[Annotation] = text;
        }

        return metadata with { Annotations = annotations };
    }

    /// <summary>Where the traffic of one entry is now: what was kept, or else what the status says it settled on.</summary>
    public static Rollout? Previous(IReadOnlyList<Rollout> kept, RouteStatus? status, ResolvedTarget target)
    {
        var known = kept.FirstOrDefault(rollout => rollout.Configuration == target.Configuration && rollout.Tag == target.Tag);
        if (known is not null)
        {
            return known;
        }

        var settled = status?.Traffic?.Find(entry => entry.LatestRevision == true && entry.Tag == target.Tag && entry.Percent > 0);
        return settled?.RevisionName is { } revision
            ? Rollout.To(target.Configuration!, target.Tag, revision, settled.Percent ?? 0)
            : null;
    }
}
