namespace Slipway.Telemetry.PromQl;

/// <summary>What a question may use, and how far back a plain selector looks.</summary>
public sealed record PromQlEngineOptions
{
    public long LookbackMilliseconds { get; init; } = 300_000;

    /// <summary>The step of subqueries that name none.</summary>
    public long SubqueryStepMilliseconds { get; init; } = 60_000;

    /// <summary>Samples one question may read and make, together.</summary>
    public long SamplesMax { get; init; } = 50_000_000;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Steps of a range query, not counting the first.</summary>
    public int PointsMax { get; init; } = 11_000;
}
