using System.Collections.Concurrent;
using Slipway.Model.Failures;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Queries;

namespace Slipway.Telemetry.Tests.Alerts;

/// <summary>Answers expressions as it was told to; an expression nobody spoke of is empty.</summary>
internal sealed class PretendMetrics : IExpressions, IMetricSink
{
    private readonly ConcurrentDictionary<string, Func<long, Outcome<QueryResult>>> _answers = new();

    public List<IncomingSample> Written { get; } = [];

    public int Asked { get; private set; }

    public void Answer(string expression, params VectorElement[] elements) => _answers[expression] = _ => new VectorResult(elements);

    public void Answer(string expression, double value, params (string, string)[] labels) =>
        Answer(expression, new VectorElement(LabelSet.Of(labels), new Sample(0, value)));

    public void Answer(string expression, Func<long, Outcome<QueryResult>> answer) => _answers[expression] = answer;

    public void Fail(string expression, string code, string detail) => _answers[expression] = _ => new Failure(FailureKind.Malformed, code, detail);

    public Outcome<QueryResult> Instant(string expression, long at, CancellationToken cancellation)
    {
        Asked++;
        return _answers.TryGetValue(expression, out var answer) ? answer(at) : new VectorResult([]);
    }

    public Outcome<QueryResult> Range(string expression, long from, long to, long step, CancellationToken cancellation) => new MatrixResult([]);

    public AppendCounts Append(string source, ReadOnlySpan<IncomingSample> samples)
    {
        Written.AddRange(samples);
        return new AppendCounts(samples.Length, 0, 0, 0);
    }

    public void Describe(MetricMetadata metadata)
    {
    }
}
