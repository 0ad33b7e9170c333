using System.Globalization;
using System.Text.RegularExpressions;
using Slipway.Model.Failures;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs.Evaluating;
using Slipway.Telemetry.Logs.Language;
using Slipway.Telemetry.Logs.Reading;
using Slipway.Telemetry.Logs.Segments;
using Slipway.Telemetry.Logs.Tailing;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Queries;

namespace Slipway.Telemetry.Logs;

/// <summary>Answers LogQL: for lines, for numbers made of lines, and for lines as they come.</summary>
public sealed class LogQlEngine(LogStore store, LogQlOptions options, TimeProvider time) : IExpressions
{
    public LogQlOptions Options => options;

    /// <summary>Whether an expression can be understood, and asks for numbers: what a rule needs.</summary>
    public static Failure? Check(string expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        var parsed = LogQlParser.Parse(expression);
        return parsed.Failure ?? (parsed.Value is MetricNode ? null : NotForNumbers());
    }

    public Outcome<QueryResult> Instant(string expression, long at, CancellationToken cancellation) =>
        Evaluate(expression, new Steps(at, 1, 1), instant: true, out _, cancellation);

    public Outcome<QueryResult> Range(string expression, long from, long to, long step, CancellationToken cancellation) =>
        Range(expression, from, to, step, out _, cancellation);

    internal Outcome<QueryResult> Range(string expression, long from, long to, long step, out QueryFigures figures, CancellationToken cancellation)
    {
        figures = NoFigures;
        if (step <= 0 || to < from)
        {
            return new Failure(FailureKind.Invalid, "bad-expression", step <= 0 ? "the step must be larger than 0" : "the end is before the start");
        }

        var count = ((to - from) / step) + 1;
        return count > options.StepsMax
            ? new Failure(FailureKind.Exhausted, "query-too-large", string.Create(
                CultureInfo.InvariantCulture, $"exceeded maximum resolution of {options.StepsMax} points per time series; try increasing the value of the step parameter"))
            : Evaluate(expression, new Steps(from, step, (int)count), instant: false, out figures, cancellation);
    }

    internal Outcome<QueryResult> Instant(string expression, long at, out QueryFigures figures, CancellationToken cancellation) =>
        Evaluate(expression, new Steps(at, 1, 1), instant: true, out figures, cancellation);

    private static Failure SlowExpression { get; } = new(
        FailureKind.Exhausted, "query-timeout", "a regular expression took too long for a single line; use a simpler one");

    private static QueryFigures NoFigures { get; } = new(0, 0, 0, 0, TimeSpan.Zero);

    private Outcome<QueryResult> Evaluate(string expression, Steps steps, bool instant, out QueryFigures figures, CancellationToken cancellation)
    {
        figures = NoFigures;
        var parsed = LogQlParser.Parse(expression, options.ExpressionLengthMax);
        if (parsed.Failure is { } failure)
        {
            return failure;
        }

        if (parsed.Value is not MetricNode node)
        {
            return NotForNumbers();
        }

        var budget = new ReadBudget(options, time, cancellation);
        try
        {
            var evaluator = new MetricEvaluator(store, options, steps, budget);
            var evaluated = evaluator.Evaluate(node);
            return instant ? InstantOf(evaluated, steps, evaluator.Warnings.Read()) : RangeOf(evaluated, steps, evaluator.Warnings.Read());
        }
        catch (QueryStoppedException stopped)
        {
            return stopped.Failure;
        }
        catch (RegexMatchTimeoutException)
        {
            return SlowExpression;
        }
        finally
        {
            figures = FiguresOf(budget);
        }
    }

    private static Failure NotForNumbers() => new(
        FailureKind.Malformed, "bad-expression", "parse error at line 1, col 1: the expression asks for lines, not for numbers; put count_over_time(… [5m]) around it");

    private static QueryResult InstantOf(Evaluated evaluated, Steps steps, IReadOnlyList<string> warnings)
    {
        if (evaluated.Numbers is { } numbers)
        {
            return new ScalarResult(new Sample(steps.From, numbers[0])) { Warnings = warnings };
        }

        var elements = evaluated.Series
            .Where(series => !StepSeries.IsAbsent(series.Values[0]))
            .Select(series => new VectorElement(series.Labels, new Sample(steps.From, series.Values[0])));
        return new VectorResult([.. elements]) { Warnings = warnings };
    }

    private static MatrixResult RangeOf(Evaluated evaluated, Steps steps, IReadOnlyList<string> warnings)
    {
        var all = evaluated.Numbers is { } numbers ? [new StepSeries(LabelSet.Empty, numbers)] : evaluated.Series;
        var series = new List<SeriesSamples>(all.Count);
        foreach (var one in all)
        {
            var samples = new List<Sample>(steps.Count);
            for (var index = 0; index < steps.Count; index++)
            {
                if (!StepSeries.IsAbsent(one.Values[index]))
                {
                    samples.Add(new Sample(steps[index], one.Values[index]));
                }
            }

            if (samples.Count > 0)
            {
                series.Add(new SeriesSamples(one.Labels, samples.ToArray()));
            }
        }

        return new MatrixResult(series) { Warnings = warnings };
    }

    /// <summary>Lines in order of their time.</summary>
    public Outcome<LogLines> Query(LogQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        var parsed = LinesOf(query);
        if (parsed.Failure is { } failure)
        {
            return failure;
        }

        var budget = new ReadBudget(options, time, cancellation);
        try
        {
            var collecting = new LineCollecting(parsed.Value, query, options);
            var scan = new LineScan
            {
                Wanted = parsed.Value.Wanted,
                From = query.From,
                To = Math.Max(query.To, long.MinValue + 1) - 1,
                Needed = LinePipeline.NeededBy(parsed.Value.Stages),
                Trace = TraceDigits.Read(query.TraceId),
                Backward = query.Backward,
            };
            new LineReader(store, budget).Read(scan, collecting);
            return new LogLines(collecting.Result(), FiguresOf(budget));
        }
        catch (QueryStoppedException stopped)
        {
            return stopped.Failure;
        }
        catch (RegexMatchTimeoutException)
        {
            return SlowExpression;
        }
    }

    private Outcome<LineQuery> LinesOf(LogQuery query)
    {
        if (query.Limit < 1 || query.Limit > options.LinesMax)
        {
            return new Failure(FailureKind.Invalid, "bad-limit", string.Create(
                CultureInfo.InvariantCulture, $"max entries limit per query is {options.LinesMax}, and at least 1 must be asked for: limit is {query.Limit}"));
        }

        if (query.TraceId is not null && TraceDigits.Read(query.TraceId) == UInt128.Zero)
        {
            return new Failure(FailureKind.Invalid, "bad-trace", $"'{query.TraceId}' is no trace id: it has 32 hexadecimal digits, not all of them 0");
        }

        if (query.TraceId is not null && query.Expression.Length == 0)
        {
            return new LineQuery([], []);
        }

        var parsed = LogQlParser.Parse(query.Expression, options.ExpressionLengthMax);
        if (parsed.Failure is { } failure)
        {
            return failure;
        }

        return parsed.Value is LineQuery lines
            ? lines
            : new Failure(FailureKind.Malformed, "bad-expression", "parse error at line 1, col 1: the expression asks for numbers, not for lines");
    }

    /// <summary>Lines as they come, beginning now.</summary>
    internal Outcome<LineTailing> Tail(string expression)
    {
        var parsed = LogQlParser.Parse(expression, options.ExpressionLengthMax);
        if (parsed.Failure is { } failure)
        {
            return failure;
        }

        if (parsed.Value is not LineQuery lines)
        {
            return new Failure(FailureKind.Malformed, "bad-expression", "parse error at line 1, col 1: only lines can be tailed, not numbers");
        }

        return store.Tail(lines.Wanted) is { } tail
            ? new LineTailing(tail, lines)
            : new Failure(FailureKind.Exhausted, "too-many-tailers", "there are as many readers of lines as there may be; try again when one has left");
    }

    /// <summary>Streams that have lines within the time, both ends belonging to it.</summary>
    /// <param name="selectors">Any of them; none stands for all streams.</param>
    internal Outcome<IReadOnlyList<BlockStream>> Streams(IReadOnlyList<string> selectors, long from, long to)
    {
        var queries = new List<LineQuery>();
        foreach (var selector in selectors)
        {
            var parsed = LogQlParser.Parse(selector, options.ExpressionLengthMax);
            if (parsed.Failure is { } failure)
            {
                return failure;
            }

            if (parsed.Value is not LineQuery lines)
            {
                return new Failure(FailureKind.Malformed, "bad-expression", $"parse error at line 1, col 1: '{selector}' is no selector");
            }

            queries.Add(lines);
        }

        var streams = new Dictionary<LabelSet, BlockStream>();
        foreach (var stream in store.Picture().Streams(from, to))
        {
            streams[stream.Labels] = streams.TryGetValue(stream.Labels, out var known)
                ? new BlockStream(stream.Labels, known.Lines + stream.Lines, known.Bytes + stream.Bytes, Math.Min(known.From, stream.From), Math.Max(known.To, stream.To))
                : stream;
        }

        return queries.Count == 0
            ? streams.Values.ToList()
            : streams.Values.Where(stream => queries.Exists(query => query.Wanted(stream.Labels))).ToList();
    }

    private static QueryFigures FiguresOf(ReadBudget budget) =>
        new(budget.Bytes, budget.Lines, budget.Blocks, budget.BlocksPassedOver, budget.Elapsed);
}
