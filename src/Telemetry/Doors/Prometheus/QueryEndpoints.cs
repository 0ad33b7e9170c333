using Microsoft.AspNetCore.Http;
using Slipway.Model.Failures;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.PromQl.Syntax;
using Slipway.Telemetry.Queries;

namespace Slipway.Telemetry.Doors.Prometheus;

/// <summary><c>query</c>, <c>query_range</c>, <c>query_exemplars</c> and <c>format_query</c>: what takes an expression.</summary>
internal sealed class QueryEndpoints(PrometheusApiServices services, QueryGate gate)
{
    public async Task InstantAsync(HttpContext context)
    {
        var read = await ApiParameters.ReadAsync(context.Request).ConfigureAwait(false);
        if (read.Failure is { } unreadable)
        {
            await ApiAnswer.FailAsync(context, unreadable).ConfigureAwait(false);
            return;
        }

        var parameters = read.Value;
        var at = parameters.Time("time", services.Time.GetUtcNow().ToUnixTimeMilliseconds());
        var timeout = parameters.Timeout();
        var expression = parameters.Expression();
        var failure = at.Failure ?? timeout.Failure ?? expression.Failure;
        await AnswerAsync(context, failure, cancellation => services.Engine.Instant(expression.Value, at.Value, timeout.Value, cancellation)).ConfigureAwait(false);
    }

    public async Task RangeAsync(HttpContext context)
    {
        var read = await ApiParameters.ReadAsync(context.Request).ConfigureAwait(false);
        if (read.Failure is { } unreadable)
        {
            await ApiAnswer.FailAsync(context, unreadable).ConfigureAwait(false);
            return;
        }

        var parameters = read.Value;
        var from = parameters.Time("start", long.MinValue);
        var to = parameters.Time("end", long.MinValue);
        var step = parameters.Duration("step");
        var timeout = parameters.Timeout();
        var expression = parameters.Expression();
        var failure = Needed("start", from) ?? Needed("end", to) ?? step.Failure ?? timeout.Failure ?? expression.Failure;
        await AnswerAsync(context, failure, cancellation =>
            services.Engine.Range(expression.Value, from.Value, to.Value, step.Value, timeout.Value, cancellation)).ConfigureAwait(false);
    }

    public async Task ExemplarsAsync(HttpContext context)
    {
        var read = await ApiParameters.ReadAsync(context.Request).ConfigureAwait(false);
        var period = read.Failure is { } unreadable ? unreadable : read.Value.Period();
        var expression = period.Failure is { } unknown ? unknown
            : period.Value.To < period.Value.From ? ApiParameters.Bad("end", "end timestamp must not be before start timestamp")
            : read.Value.Expression();
        if (expression.Failure is { } failure)
        {
            await ApiAnswer.FailAsync(context, failure).ConfigureAwait(false);
            return;
        }

        var found = new Dictionary<Labels.LabelSet, SeriesExemplars>();
        foreach (var selector in Selectors.In(expression.Value))
        {
            foreach (var series in services.Series.Exemplars(selector.AllMatchers, period.Value.From, period.Value.To))
            {
                found[series.Labels] = series;
            }
        }

        await ApiAnswer.SucceedAsync(context, json =>
        {
            json.WriteStartArray();
            foreach (var series in found.Values.OrderBy(series => series.Labels, PromQl.Evaluation.LabelOrder.Instance))
            {
                json.WriteStartObject();
                json.WritePropertyName("seriesLabels");
                ApiAnswer.WriteLabels(json, series.Labels);
                json.WriteStartArray("exemplars");
                foreach (var exemplar in series.Exemplars)
                {
                    json.WriteStartObject();
                    json.WritePropertyName("labels");
                    ApiAnswer.WriteLabels(json, exemplar.Labels);
                    json.WriteString("value", PromQlNumber.Answer(exemplar.Value));
                    json.WritePropertyName("timestamp");
                    ApiAnswer.WriteTime(json, exemplar.At);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }).ConfigureAwait(false);
    }

    public static async Task FormatAsync(HttpContext context)
    {
        var read = await ApiParameters.ReadAsync(context.Request).ConfigureAwait(false);
        var expression = read.Failure is { } unreadable ? unreadable : read.Value.Expression();
        await (expression.Failure is { } failure
            ? ApiAnswer.FailAsync(context, failure)
            : ApiAnswer.SucceedAsync(context, json => json.WriteStringValue(expression.Value.ToString()))).ConfigureAwait(false);
    }

    private static Failure? Needed(string name, Outcome<long> time) =>
        time.Failure ?? (time.Value == long.MinValue ? ApiParameters.Bad(name, "cannot parse \"\" to a valid timestamp") : null);

    private async Task AnswerAsync(HttpContext context, Failure? failure, Func<CancellationToken, Outcome<QueryResult>> question)
    {
        var answer = failure is not null ? failure : await gate.RunAsync(question, context.RequestAborted).ConfigureAwait(false);
        await (answer.Failure is { } refused ? ApiAnswer.FailAsync(context, refused) : ApiAnswer.SucceedAsync(context, answer.Value)).ConfigureAwait(false);
    }
}
