using Slipway.Model.Eventing;
using Slipway.Model.Values;

namespace Slipway.Eventing.Delivery;

/// <summary>How often and how long a delivery is tried. Pure.</summary>
internal sealed record DeliveryRules
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromHours(1);

    public int Retries { get; init; } = 10;

    public bool Linear { get; init; }

    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(0.2);

    /// <summary>Long enough for a service to wake from zero.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Zero obeys no Retry-After.</summary>
    public TimeSpan RetryAfterMax { get; init; }

    /// <summary>The Trigger's word, else the Broker's, else the standard, for each member by itself.</summary>
    public static DeliveryRules Of(DeliverySpec? broker, DeliverySpec? trigger)
    {
        var standard = new DeliveryRules();
        return new DeliveryRules
        {
            Retries = trigger?.Retry ?? broker?.Retry ?? standard.Retries,
            Linear = (trigger?.BackoffPolicy ?? broker?.BackoffPolicy) == "linear",
            Delay = Duration(trigger?.BackoffDelay ?? broker?.BackoffDelay, standard.Delay),
            Timeout = Duration(trigger?.Timeout ?? broker?.Timeout, standard.Timeout) is var timeout && timeout > TimeSpan.Zero ? timeout : standard.Timeout,
            RetryAfterMax = Duration(trigger?.RetryAfterMax ?? broker?.RetryAfterMax, standard.RetryAfterMax),
        };
    }

    /// <summary>How long to wait before the next attempt, or null when there is none.</summary>
    /// <param name="attempts">How many there were.</param>
    public TimeSpan? Wait(int attempts, DeliveryResult failed)
    {
        if (attempts > Retries || !failed.MayRetry)
        {
            return null;
        }

        var nth = attempts - 1;
        var wait = Linear ? Delay * nth : Delay * Math.Pow(2, Math.Min(nth, 30));
        if (failed is { Code: 429 or 503, RetryAfter: { } asked } && RetryAfterMax > TimeSpan.Zero)
        {
            var obeyed = asked < RetryAfterMax ? asked : RetryAfterMax;
            wait = obeyed > wait ? obeyed : wait;
        }

        return wait < s_longestWait ? wait : s_longestWait;
    }

    private static TimeSpan Duration(string? text, TimeSpan standard) => IsoDuration.TryParse(text, out var duration) ? duration : standard;
}
