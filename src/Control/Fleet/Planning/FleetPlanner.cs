using System.Collections.Immutable;

namespace Slipway.Control.Fleet.Planning;

/// <summary>From a picture of one revision to what should be done next. No clock, no driver, no memory.</summary>
internal static class FleetPlanner
{
    public static ImmutableArray<FleetStep> Decide(RevisionPicture picture)
    {
        var steps = ImmutableArray.CreateBuilder<FleetStep>();
        if (picture.StopAll is { } reason)
        {
            foreach (var instance in picture.Instances.Where(CanBeStoppedNow))
            {
                steps.Add(new FleetStep.Stop(instance.Id, reason));
            }

            return steps.ToImmutable();
        }

        var sound = picture.Instances.Where(instance => Counts(instance) && instance.FailingSince is null).ToList();
        ReplaceFailing(picture, sound, steps);
        var missing = picture.Desired - sound.Count;
        if (missing > 0)
        {
            Start(picture, sound, missing, steps);
        }
        else if (missing < 0)
        {
            var leaving = StopFirst(sound).Take(-missing).ToList();
            foreach (var instance in leaving)
            {
                steps.Add(new FleetStep.Stop(instance.Id, $"{picture.Desired} wanted"));
                sound.Remove(instance);
            }
        }

        if (!Thaw(picture, sound, steps))
        {
            Freeze(picture, sound, steps);
        }

        return steps.ToImmutable();
    }

    /// <summary>
    /// A failing instance does not count, so its replacement starts in the same pass. While it still answers and nobody
    /// else does, it stays until the replacement serves or patience is over: half dead is better than nobody.
    /// </summary>
    private static void ReplaceFailing(RevisionPicture picture, List<InstancePicture> sound, ImmutableArray<FleetStep>.Builder steps)
    {
        var othersServe = sound.Any(instance => instance.Stage == InstanceStage.Serving);
        foreach (var instance in picture.Instances.Where(instance => CanBeStoppedNow(instance) && instance.FailingSince is not null))
        {
            var stillAnswers = instance.Stage == InstanceStage.Serving;
            if (!stillAnswers || othersServe || picture.Desired == 0 || picture.Now - instance.FailingSince >= picture.ReplacementPatience)
            {
                steps.Add(new FleetStep.Stop(instance.Id, "its probes fail"));
            }
        }
    }

    private static void Start(RevisionPicture picture, List<InstancePicture> sound, int missing, ImmutableArray<FleetStep>.Builder steps)
    {
        if (picture.NoStartBefore is { } moment && picture.Now < moment)
        {
            return;
        }

        if (picture.Doubtful)
        {
            // A revision whose instances end at once must not be started by the dozen.
            missing = sound.Any(instance => instance.Stage == InstanceStage.Starting) ? 0 : 1;
        }

        if (missing > 0)
        {
            steps.Add(new FleetStep.Start(missing));
        }
    }

    /// <summary>
    /// What serves nobody goes first. Then the youngest: an old instance has warm caches and a proven record, a young one
    /// has neither.
    /// </summary>
    private static IEnumerable<InstancePicture> StopFirst(List<InstancePicture> sound) => sound
        .Where(CanBeStoppedNow)
        .OrderBy(instance => instance.Stage switch
        {
            InstanceStage.Frozen => 0,
            InstanceStage.Starting => 1,
            InstanceStage.Unready => 2,
            _ => 3,
        })
        .ThenByDescending(instance => instance.CreatedAt)
        .ThenByDescending(instance => instance.Id, StringComparer.Ordinal);

    private static bool Thaw(RevisionPicture picture, List<InstancePicture> sound, ImmutableArray<FleetStep>.Builder steps)
    {
        var frozen = sound.Where(instance => instance.Stage == InstanceStage.Frozen && !instance.UnderWay).ToList();
        if (frozen.Count == 0)
        {
            return false;
        }

        var serving = sound.Count(instance => instance.Stage == InstanceStage.Serving);
        var thawing = sound.Count(instance => instance.Stage == InstanceStage.Thawing);
        var wanted = picture.FreezeAfter is null ? sound.Count : picture.Busy;

        // A waiting request wakes one instance at a time: each is there within milliseconds and may be enough for all.
        if (picture.RequestWaits && thawing == 0)
        {
            wanted = Math.Max(wanted, serving + 1);
        }

        var missing = Math.Min(wanted - serving - thawing, frozen.Count);
        foreach (var instance in frozen.OrderBy(instance => instance.CreatedAt).ThenBy(instance => instance.Id, StringComparer.Ordinal).Take(Math.Max(0, missing)))
        {
            steps.Add(new FleetStep.Thaw(instance.Id));
        }

        return missing > 0;
    }

    private static void Freeze(RevisionPicture picture, List<InstancePicture> sound, ImmutableArray<FleetStep>.Builder steps)
    {
        if (picture.FreezeAfter is not { } idleLimit || picture.RequestWaits)
        {
            return;
        }

        var serving = sound.Where(instance => instance.Stage == InstanceStage.Serving).ToList();
        var spare = serving.Count - picture.Busy;
        foreach (var instance in serving
            .Where(instance => instance.InFlight == 0 && !instance.UnderWay && IdleSince(instance) is { } since && picture.Now - since >= idleLimit
                && (instance.NoFreezeBefore is not { } moment || picture.Now >= moment))
            .OrderByDescending(instance => instance.CreatedAt)
            .ThenByDescending(instance => instance.Id, StringComparer.Ordinal)
            .Take(Math.Max(0, spare)))
        {
            steps.Add(new FleetStep.Freeze(instance.Id));
        }
    }

    private static DateTimeOffset? IdleSince(InstancePicture instance) =>
        instance.LastUsedAt > instance.ServingSince ? instance.LastUsedAt : instance.ServingSince;

    private static bool Counts(InstancePicture instance) => instance.Stage is not (InstanceStage.Stopping or InstanceStage.Ended);

    private static bool CanBeStoppedNow(InstancePicture instance) => Counts(instance) && !instance.UnderWay;
}
