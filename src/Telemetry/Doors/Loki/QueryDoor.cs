using Microsoft.AspNetCore.Http;
using Slipway.Model.Failures;
using Slipway.Telemetry.Logs;
using Slipway.Telemetry.Logs.Language;

namespace Slipway.Telemetry.Doors.Loki;

/// <summary><c>query</c> and <c>query_range</c>.</summary>
internal sealed class QueryDoor(LokiApiServices services, Turns turns)
{
    private const long Hour = 3_600_000_000_000;
    private const int LimitDefault = 100;

    public Task InstantAsync(HttpContext context) => AnswerAsync(context, Instant);

    public Task RangeAsync(HttpContext context) => AnswerAsync(context, Range);

    private async Task AnswerAsync(HttpContext context, Func<LokiParameters, CancellationToken, Outcome<Answer>> answer)
    {
        var parameters = await LokiParameters.ReadAsync(context.Request, context.RequestAborted).ConfigureAwait(false);
        if (parameters.Failure is { } failure)
        {
            await LokiAnswers.FailureAsync(context, failure).ConfigureAwait(false);
            return;
        }

        if (!await turns.EnterAsync(context.RequestAborted).ConfigureAwait(false))
        {
            await LokiAnswers.TextAsync(context, StatusCodes.Status429TooManyRequests, "too many outstanding requests").ConfigureAwait(false);
            return;
        }

        try
        {
            var answered = await Task.Run(() => answer(parameters.Value, context.RequestAborted), context.RequestAborted).ConfigureAwait(false);
            await (answered.Failure is { } refused ? LokiAnswers.FailureAsync(context, refused) : answered.Value.WriteAsync(context)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there any more to be told.
        }
        finally
        {
            turns.Leave();
        }
    }

    private sealed record Answer(Func<HttpContext, Task> WriteAsync);

    private long Now => (services.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    private Outcome<Answer> Instant(LokiParameters parameters, CancellationToken cancellation)
    {
        var expression = parameters.Required("query");
        var at = parameters.Time("time", Now);
        if ((expression.Failure ?? at.Failure) is { } failure)
        {
            return failure;
        }

        var parsed = LogQlParser.Parse(expression.Value, services.Engine.Options.ExpressionLengthMax);
        if (parsed is { Succeeded: true, Value: LineQuery })
        {
            return new Failure(
                FailureKind.Malformed, "bad-expression", "log queries are not supported as an instant query type, please change your query to a range query type");
        }

        var result = services.Engine.Instant(expression.Value, at.Value / 1_000_000, out var figures, cancellation);
        return result.Failure is { } refused ? refused : new Answer(context => LokiAnswers.NumbersAsync(context, result.Value, figures));
    }

    private Outcome<Answer> Range(LokiParameters parameters, CancellationToken cancellation)
    {
        var expression = parameters.Required("query");
        var range = parameters.Range(Now, Hour);
        if ((expression.Failure ?? range.Failure) is { } failure)
        {
            return failure;
        }

        var parsed = LogQlParser.Parse(expression.Value, services.Engine.Options.ExpressionLengthMax);
        if (parsed.Failure is { } wrong)
        {
            return wrong;
        }

        return parsed.Value is LineQuery
            ? Lines(expression.Value, range.Value, parameters, cancellation)
            : Numbers(expression.Value, range.Value, parameters, cancellation);
    }

    private Outcome<Answer> Lines(string expression, (long From, long To) range, LokiParameters parameters, CancellationToken cancellation)
    {
        var limit = parameters.Number("limit", LimitDefault);
        if (limit.Failure is { } failure)
        {
            return failure;
        }

        var direction = parameters.Text("direction") ?? "backward";
        if (!string.Equals(direction, "backward", StringComparison.OrdinalIgnoreCase) && !string.Equals(direction, "forward", StringComparison.OrdinalIgnoreCase))
        {
            return new Failure(FailureKind.Malformed, "bad-parameter", "the parameter 'direction' has to be forward or backward");
        }

        var query = new LogQuery(expression, range.From, range.To)
        {
            Limit = limit.Value,
            Backward = string.Equals(direction, "backward", StringComparison.OrdinalIgnoreCase),
            TraceId = parameters.Text("trace_id"),
        };
        var lines = services.Engine.Query(query, cancellation);
        return lines.Failure is { } refused ? refused : new Answer(context => LokiAnswers.LinesAsync(context, lines.Value));
    }

    private Outcome<Answer> Numbers(string expression, (long From, long To) range, LokiParameters parameters, CancellationToken cancellation)
    {
        // As many steps as a picture has room for, if nobody says otherwise.
        var step = parameters.Duration("step", Math.Max(1_000_000_000, (range.To - range.From) / 250_000_000_000 * 1_000_000_000));
        if (step.Failure is { } failure)
        {
            return failure;
        }

        var result = services.Engine.Range(
            expression, range.From / 1_000_000, range.To / 1_000_000, Math.Max(1, step.Value / 1_000_000), out var figures, cancellation);
        return result.Failure is { } refused ? refused : new Answer(context => LokiAnswers.NumbersAsync(context, result.Value, figures));
    }
}
