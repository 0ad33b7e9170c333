namespace Slipway.Telemetry.Exports.Otlp;

/// <summary>What became of a request.</summary>
internal enum SendOutcome
{
    Sent,

    /// <summary>The same batch may be welcome later.</summary>
    Later,

    /// <summary>It will never be welcome.</summary>
    Refused,
}

/// <summary>How long to wait before a batch is tried again: twice as long each time up to half a minute, and a random part less.</summary>
internal static class SendingPace
{
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    /// <param name="attempt">How often it was tried already, from 1.</param>
    /// <param name="asked">What the other side asked for.</param>
    /// <param name="random">From 0 to 1.</param>
    public static TimeSpan After(int attempt, TimeSpan? asked, double random)
    {
        var doubled = s_first * Math.Pow(2, Math.Min(attempt - 1, 10));
        var step = doubled < s_longest ? doubled : s_longest;
        var wait = step * (0.5 + (random / 2));
        var limited = asked is { } told && told < TimeSpan.FromMinutes(5) ? told : TimeSpan.Zero;
        return limited > wait ? limited : wait;
    }

    public static SendOutcome OutcomeOf(int status) => status switch
    {
        >= 200 and < 300 => SendOutcome.Sent,
        408 or 429 or 502 or 503 or 504 => SendOutcome.Later,
        _ => SendOutcome.Refused,
    };
}
