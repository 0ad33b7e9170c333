using Slipway.Model.Failures;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.PromQl.Evaluation;
using Slipway.Telemetry.PromQl.Syntax;
using Slipway.Telemetry.Queries;

namespace Slipway.Telemetry.PromQl;

/// <summary>
/// Answers PromQL over what a reader has. Failures: <c>bad-expression</c>, <c>query-failed</c> (the data does not allow an
/// answer), <c>query-too-large</c>, <c>query-timeout</c>. Safe to use from many threads.
/// </summary>
public sealed class PromQlEngine(ISeriesReader reader, TimeProvider time, PromQlEngineOptions? options = null) : IExpressions
{
    public const string QueryFailed = "query-failed";
    public const string QueryTooLarge = "query-too-large";
    public const string QueryTimeout = "query-timeout";

    private readonly PromQlEngineOptions _options = options ?? new PromQlEngineOptions();

    private long _answered;
    private long _failed;

    public PromQlEngineOptions Options => _options;

    public long QuestionsAnswered => Interlocked.Read(ref _answered);

    /// <summary>Evaluations that came to no answer; what could not be read or was called off is not among them.</summary>
    public long QuestionsFailed => Interlocked.Read(ref _failed);

    public Outcome<QueryResult> Instant(string expression, long at, CancellationToken cancellation)
    {
        var parsed = PromQlParser.Parse(expression);
        return parsed.Failure is { } failure ? failure : Instant(parsed.Value, at, cancellation);
    }

    /// <summary>As above, for an expression that is asked again and again and was read once.</summary>
    public Outcome<QueryResult> Instant(PromQlNode expression, long at, CancellationToken cancellation) =>
        Instant(expression, at, _options.Timeout, cancellation);

    /// <param name="timeout">Shortens the engine's own, never lengthens it.</param>
    internal Outcome<QueryResult> Instant(PromQlNode expression, long at, TimeSpan timeout, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(expression);
        var grid = new StepGrid(at, 1, 1);
        return Guarded(at, at, timeout, evaluator =>
        {
            if (expression.Type == PromQlType.RangeVector)
            {
                return new MatrixResult(evaluator.EvaluateRange(expression, grid));
            }

            return evaluator.Evaluate(expression, grid) switch
            {
                ScalarGrid scalar => new ScalarResult(new Sample(at, scalar.Values[0])),
                TextGrid text => new TextResult(at, text.Text),
                VectorGrid vector => new VectorResult([.. vector.Series.Where(series => series.HasValues).Select(series => new VectorElement(series.Labels, new Sample(at, series.Values[0])))]),
                _ => throw new EvaluationException("unknown kind of value"),
            };
        }, cancellation);
    }

    public Outcome<QueryResult> Range(string expression, long from, long to, long step, CancellationToken cancellation)
    {
        var parsed = PromQlParser.Parse(expression);
        return parsed.Failure is { } failure ? failure : Range(parsed.Value, from, to, step, _options.Timeout, cancellation);
    }

    /// <param name="timeout">Shortens the engine's own, never lengthens it.</param>
    internal Outcome<QueryResult> Range(PromQlNode expression, long from, long to, long step, TimeSpan timeout, CancellationToken cancellation)
    {
        if (step <= 0)
        {
            return Bad("zero or negative query resolution step widths are not accepted. Try a positive integer");
        }

        if (to < from)
        {
            return Bad("end timestamp must not be before start time");
        }

        if ((to - from) / step > _options.PointsMax)
        {
            return new Failure(FailureKind.Malformed, QueryTooLarge,
                $"exceeded maximum resolution of {_options.PointsMax:#,##0} points per timeseries. Try decreasing the query resolution (?step=XX)");
        }

        if (expression.Type is PromQlType.Text or PromQlType.RangeVector)
        {
            return Bad($"invalid expression type \"{PromQlPrinter.Name(expression.Type)}\" for range query, must be Scalar or instant Vector");
        }

        var grid = new StepGrid(from, step, (int)((to - from) / step) + 1);
        return Guarded(from, to, timeout, evaluator => new MatrixResult(Matrix(evaluator.Evaluate(expression, grid), grid)), cancellation);
    }

    private static Failure Bad(string detail) => new(FailureKind.Malformed, PromQlParser.BadExpression, detail);

    private Outcome<QueryResult> Guarded(long start, long end, TimeSpan timeout, Func<Evaluator, QueryResult> answer, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(timeout < _options.Timeout ? timeout : _options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        var budget = new QueryBudget(_options.SamplesMax, either.Token);
        try
        {
            var result = answer(new Evaluator(reader, _options, budget, start, end));
            Interlocked.Increment(ref _answered);
            return result;
        }
        catch (EvaluationException problem)
        {
            return Failed(FailureKind.Invalid, QueryFailed, problem.Message);
        }
        catch (ReadLimitException)
        {
            return Failed(FailureKind.Exhausted, QueryTooLarge, QueryBudget.Exceeded);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Failed(FailureKind.Unavailable, QueryTimeout, "query timed out in expression evaluation");
        }
    }

    private Failure Failed(FailureKind kind, string code, string detail)
    {
        Interlocked.Increment(ref _failed);
        return new Failure(kind, code, detail);
    }

    private static List<SeriesSamples> Matrix(GridValue value, StepGrid grid)
    {
        var rows = value is ScalarGrid scalar ? [new GridSeries(LabelSet.Empty, scalar.Values)] : ((VectorGrid)value).Series;
        var matrix = new List<SeriesSamples>(rows.Count);
        foreach (var row in rows.OrderBy(row => row.Labels, LabelOrder.Instance))
        {
            var samples = new Sample[row.Values.Length];
            var count = 0;
            for (var step = 0; step < row.Values.Length; step++)
            {
                if (!GridValue.IsAbsent(row.Values[step]))
                {
                    samples[count++] = new Sample(grid.At(step), row.Values[step]);
                }
            }

            if (count > 0)
            {
                matrix.Add(new SeriesSamples(row.Labels, samples.AsMemory(0, count)));
            }
        }

        return matrix;
    }
}
