using Slipway.Sdk.Settings;

namespace Retail.Sandbox.Bank;

/// <summary>How long the bank takes where taking long is the point.</summary>
internal sealed record Pace(TimeSpan Late, TimeSpan Decide, TimeSpan Look, TimeSpan RetryBase)
{
    public static Pace Read(ServiceSettings settings) => new(
        settings.Seconds("LATE_ANSWER_SECONDS", 20),
        settings.Seconds("DECIDE_LATER_SECONDS", 4),
        settings.Milliseconds("LOOK_MS", 500),
        settings.Milliseconds("WEBHOOK_RETRY_MS", 1000));
}
