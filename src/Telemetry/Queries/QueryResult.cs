using Slipway.Model.Failures;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.Queries;

/// <summary>What an expression came to, in the four forms of Prometheus.</summary>
public abstract record QueryResult
{
    /// <summary>What was odd about the question, in words; the answer stands nevertheless.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

public sealed record ScalarResult(Sample Sample) : QueryResult;

public sealed record TextResult(long At, string Text) : QueryResult;

public sealed record VectorResult(IReadOnlyList<VectorElement> Elements) : QueryResult;

public readonly record struct VectorElement(LabelSet Labels, Sample Sample);

public sealed record MatrixResult(IReadOnlyList<SeriesSamples> Series) : QueryResult;

/// <summary>
/// Answers expressions over what was kept: PromQL over metrics, or the counting part of LogQL over lines. Failures:
/// <c>bad-expression</c> (with the place), <c>query-too-large</c>, <c>query-timeout</c>.
/// </summary>
public interface IExpressions
{
    /// <param name="at">Milliseconds since 1970, UTC.</param>
    Outcome<QueryResult> Instant(string expression, long at, CancellationToken cancellation);

    Outcome<QueryResult> Range(string expression, long from, long to, long step, CancellationToken cancellation);
}
