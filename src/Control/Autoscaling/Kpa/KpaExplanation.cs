using System.Globalization;

namespace Slipway.Control.Autoscaling.Kpa;

/// <summary>Tells one decision in one sentence, with the numbers that led to it.</summary>
internal static class KpaExplanation
{
    public static string Of(KpaSettings settings, KpaInputs inputs, KpaDecision decision)
    {
        if (decision.Wanted is not { } wanted)
        {
            return "No decision: nothing was measured yet.";
        }

        var reasons = decision.Reasons;
        var instances = wanted == 1 ? "1 instance" : $"{wanted} instances";
        if (decision.Gaveup)
        {
            return $"{instances}: no instance became ready within the progress deadline of {Seconds(settings.ProgressDeadline)}.";
        }

        if (reasons.Hold is { } hold)
        {
            return $"{instances}: {Load(settings, inputs, panicking: false)}, held because {hold}.";
        }

        var load = Load(settings, inputs, reasons.Panicking && reasons.PanicWish >= reasons.StableWish);
        if (wanted != reasons.BeforeBounds)
        {
            return wanted < reasons.BeforeBounds
                ? $"{instances}: {load} would need {reasons.BeforeBounds}, but max-scale is {settings.InstancesMax}."
                : $"{instances}: {load} would need {reasons.BeforeBounds}, but {LowerBound(settings, wanted)}.";
        }

        if (wanted != reasons.BeforeDelay)
        {
            return $"{instances}: {load} would need {reasons.BeforeDelay}, but scale-down-delay keeps the most wanted within {Seconds(settings.ScaleDownDelay)}.";
        }

        if (reasons.Panicking)
        {
            return $"{instances}: panic, {load}; it does not shrink until {Seconds(settings.StableWindow)} have passed without a rush.";
        }

        if (reasons.RaisedByActivation)
        {
            return $"{instances}: {load} would need {reasons.StableWish}, but activation-scale is {settings.ActivationScale}.";
        }

        return reasons.HeldByRate
            ? $"{instances}: {load} would need {reasons.StableWish}, but no more than half of {inputs.Ready} ready instances go at a time."
            : $"{instances}: {load}.";
    }

    private static string Load(KpaSettings settings, KpaInputs inputs, bool panicking)
    {
        var (average, window) = panicking
            ? (inputs.Panic ?? 0, settings.PanicWindow)
            : (inputs.Stable ?? 0, settings.StableWindow);
        var what = settings.Metric == LoadMetric.Rps ? "requests a second" : "requests in flight";
        return $"{Number(average)} {what} on average over {Seconds(window)} at a target of {Number(settings.Target)} each";
    }

    private static string LowerBound(KpaSettings settings, int wanted) => wanted == settings.InstancesMin
        ? $"min-scale is {settings.InstancesMin}"
        : $"a new revision starts with {settings.InstancesInitial}";

    private static string Number(double value) => value.ToString(value >= 10 ? "0" : "0.##", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan span) => $"{span.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s";
}
